package io.minilogin.dev;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis from the embedded-redis jar, on 127.0.0.1 and without persistence. Its process can
 * be stopped, killed and started again on the same port. It ends with this JVM at the latest, even
 * if the JVM is killed.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final long START_SECONDS = 20;

  /** Each attempt takes about a millisecond. */
  private static final int START_ATTEMPTS = 1000;

  /** The number of ETXTBSY in the message of a failed start. */
  private static final String TEXT_FILE_BUSY = "error=26";

  private final int port;
  private final List<String> settings;
  private Process process;
  private Optional<Process> watchdog = Optional.empty();
  private Thread atExit;

  private EmbeddedRedis(int port, List<String> settings) {
    this.port = port;
    this.settings = settings;
  }

  /**
   * Starts on a free port and returns once connections are accepted.
   *
   * @param settings as on redis-server's command line: {@code "--maxmemory", "2mb"}
   */
  public static EmbeddedRedis start(String... settings) {
    var redis = new EmbeddedRedis(freePort(), List.of(settings));
    redis.restart();
    return redis;
  }

  /** Unpacks redis-server once more. */
  public static File executable() throws IOException {
    return ExecutableProvider.newJarResourceProvider().get();
  }

  public int port() {
    return port;
  }

  /** Returns the address in the form that {@code quarkus.redis.hosts} takes. */
  public URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  /** Returns the process id, for signals. */
  public long pid() {
    return process.pid();
  }

  /** Starts Redis again on its port. It is empty unless the settings turn persistence on. */
  public void restart() {
    try {
      var executable = executable();
      var command = new ArrayList<String>();
      command.add(executable.getAbsolutePath());
      command.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1", "--save", ""));
      command.addAll(settings);
      process =
          start(
              new ProcessBuilder(command)
                  .directory(executable.getParentFile())
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD));
      watchdog = watchdog(process.pid());
      atExit = new Thread(this::end);
      Runtime.getRuntime().addShutdownHook(atExit);
      awaitConnections();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts the unpacked program, with retries. A process that another thread starts at this moment
   * inherits the file while it is open for writing, and Linux does not run such a file.
   */
  public static Process start(ProcessBuilder builder) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return builder.start();
      } catch (IOException e) {
        if (attempt == START_ATTEMPTS || !e.getMessage().contains(TEXT_FILE_BUSY)) {
          throw e;
        }
      }
    }
  }

  /** Asks the process to end and waits for its end. With a setting {@code save} it saves first. */
  public void stop() {
    process.destroy();
    process.onExit().join();
    watchdog.ifPresent(Process::destroyForcibly);
  }

  /** Kills the process and waits for its end. */
  public void kill() {
    end();
    process.onExit().join();
  }

  private void end() {
    process.destroyForcibly();
    watchdog.ifPresent(Process::destroyForcibly);
  }

  /**
   * Starts a shell that kills Redis when this JVM ends without its shutdown hooks, as after {@code
   * kill -9}: the operating system then closes the pipe that the shell reads. Empty without a
   * shell.
   */
  private static Optional<Process> watchdog(long redis) {
    // Ctrl-C in a terminal also reaches the shell, which must outlive this JVM.
    var script = "trap '' INT; read line; kill -9 " + redis;
    try {
      return Optional.of(
          new ProcessBuilder("sh", "-c", script)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is shutting down and runs the hook anyway.
    }
  }

  private void awaitConnections() throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!accepts()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("redis-server did not start on port " + port);
      }
      Thread.onSpinWait();
    }
  }

  private boolean accepts() {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
