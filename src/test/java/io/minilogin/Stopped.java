package io.minilogin;

import static org.awaitility.Awaitility.await;

import io.minilogin.dev.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Suspends a process: connections stay open, and requests get no answer until the process resumes.
 * It then executes them. This simulates a stalled machine or a partitioned network.
 */
public final class Stopped implements AutoCloseable {
  private final long pid;

  private Stopped(long pid) {
    this.pid = pid;
  }

  public static Stopped redis(EmbeddedRedis redis) {
    return process(redis.pid());
  }

  /**
   * Returns when all threads have stopped. The signal is delivered to one thread, which may take a
   * while to stop the others on a busy machine.
   */
  public static Stopped process(long pid) {
    signal("-STOP", pid);
    var threads = Path.of("/proc", String.valueOf(pid), "task");
    if (Files.exists(threads)) {
      await().until(() -> haveStopped(threads));
    }
    return new Stopped(pid);
  }

  /** Resumes the process. */
  @Override
  public void close() {
    signal("-CONT", pid);
  }

  private static boolean haveStopped(Path threads) throws IOException {
    try (var all = Files.list(threads)) {
      return all.allMatch(Stopped::hasStopped);
    }
  }

  /** The state follows the name, which is in parentheses and may contain any character. */
  private static boolean hasStopped(Path thread) {
    try {
      var status = Files.readString(thread.resolve("stat"));
      return status.startsWith("T", status.lastIndexOf(')') + 2);
    } catch (IOException e) {
      // The thread has ended.
      return true;
    }
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
