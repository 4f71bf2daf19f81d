package io.minilogin.it.gateway;

import io.minilogin.it.KillAtExit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;

/**
 * A gateway as a foreground process, including its child processes. It ends with this JVM at the
 * latest.
 */
final class GatewayProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final Path log;
  private final KillAtExit atExit;

  private GatewayProcess(Path directory, List<String> command) {
    log = directory.resolve("output.log");
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    // The home directory of the user who runs the tests is neither read nor written.
    builder.environment().put("HOME", directory.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("XDG_"));
    try {
      process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    atExit = new KillAtExit(process);
  }

  /**
   * Returns once the gateway accepts connections.
   *
   * @param directory the directory for the output of the gateway
   * @throws FreePort.InUse if another process has taken the port in the meantime
   */
  static GatewayProcess start(Path directory, int port, List<String> command) {
    var gateway = new GatewayProcess(directory, command);
    try {
      Awaitility.await().atMost(START).until(() -> gateway.accepts(port));
    } catch (RuntimeException e) {
      gateway.close();
      throw gateway.portIsInUse()
          ? new FreePort.InUse(gateway.output())
          : new IllegalStateException(gateway.output(), e);
    }
    if (gateway.portIsInUse()) {
      // Another process accepted the connection.
      gateway.close();
      throw new FreePort.InUse(gateway.output());
    }
    return gateway;
  }

  @Override
  public void close() {
    atExit.kill();
  }

  private boolean accepts(int port) {
    if (!process.isAlive()) {
      throw new IllegalStateException("ended with " + process.exitValue());
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** The error messages of the gateways for a port in use. */
  private boolean portIsInUse() {
    return output().toLowerCase(Locale.ROOT).contains("already in use");
  }

  private String output() {
    try {
      return Files.readString(log, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
