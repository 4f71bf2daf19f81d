package io.minilogin.redis;

import io.minilogin.dev.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Stops a Redis for a while: connections stay open, commands get no answer, and are carried out
 * once it goes on. What a stalled machine or a partitioned network looks like.
 */
public final class StoppedRedis implements AutoCloseable {
  private final long pid;

  private StoppedRedis(long pid) {
    this.pid = pid;
  }

  public static StoppedRedis stop(EmbeddedRedis redis) {
    signal("-STOP", redis.pid());
    return new StoppedRedis(redis.pid());
  }

  /** Lets it go on. */
  @Override
  public void close() {
    signal("-CONT", pid);
  }

  private static void signal(String signal, long pid) {
    try {
      var kill = new ProcessBuilder("kill", signal, String.valueOf(pid)).inheritIO().start();
      if (kill.onExit().join().exitValue() != 0) {
        throw new IllegalStateException("kill " + signal + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
