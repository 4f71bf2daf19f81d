package io.minilogin.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.minilogin.Stopped;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.it.Certificates.Certificate;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Redis process with a configuration file that Redis may rewrite: a replica, a sentinel, a node
 * of a cluster, or a server with TLS. It can be killed and restarted. It ends with this JVM at the
 * latest.
 */
final class RedisServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  /** A node of a cluster has a second port with this offset. */
  private static final int TO_BUS_PORT = 10_000;

  private static final int LARGEST_PORT = 65_535;

  private final int port;
  private final Path directory;
  private final List<String> command = new ArrayList<>();
  private int servicePort;
  private Process process;
  private KillAtExit atExit;

  private RedisServer(int port, Path directory) {
    this.port = port;
    this.servicePort = port;
    this.directory = directory;
  }

  /** Starts a server with these configuration lines. */
  static RedisServer start(String... lines) {
    return start(List.of(), lines);
  }

  /** Starts a sentinel with these configuration lines. */
  static RedisServer sentinel(String... lines) {
    return start(List.of("--sentinel"), lines);
  }

  /**
   * Starts a server with TLS for the service, and without TLS for the test. Skips the test if this
   * Redis does not support TLS.
   *
   * @param clients the authority of the client certificates; empty if clients need no certificate
   */
  static RedisServer withTls(Certificate certificate, Optional<Path> clients, String... lines) {
    var tlsPort = freePort();
    var all =
        Stream.of(
            "tls-port " + tlsPort,
            "tls-cert-file " + certificate.chain(),
            "tls-key-file " + certificate.key(),
            "tls-ca-cert-file " + clients.orElse(certificate.chain()),
            "tls-auth-clients " + (clients.isPresent() ? "yes" : "no"));
    var server = start(List.of(), Stream.concat(all, Stream.of(lines)).toArray(String[]::new));
    server.servicePort = tlsPort;
    return server;
  }

  private static RedisServer start(List<String> flags, String... lines) {
    try {
      var directory = Files.createTempDirectory(Artefact.directory(), "redis");
      var server = new RedisServer(freePort(), directory);
      var file = directory.resolve("redis.conf");
      var all = new ArrayList<>(List.of("port " + server.port, "bind 127.0.0.1"));
      all.add("dir " + directory);
      all.addAll(List.of(lines));
      Files.write(file, all);
      server.command.addAll(List.of(Executable.FILE.toString(), file.toString()));
      server.command.addAll(flags);
      server.restart();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacked once for all servers. */
  private static final class Executable {
    private static final File FILE = unpacked();

    private static File unpacked() {
      try {
        return EmbeddedRedis.executable();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  int port() {
    return port;
  }

  /** Returns host and port for the service. */
  String address() {
    return "127.0.0.1:" + servicePort;
  }

  /** Sends a command on a new connection. */
  Object send(Object... command) {
    try (var connection = new RedisConnection(port)) {
      return connection.send(command);
    }
  }

  /** Returns whether INFO contains this line, such as {@code "role:master"}. */
  boolean says(String section, String line) {
    try {
      var info = new String((byte[]) send("INFO", section), UTF_8);
      return info.lines().anyMatch(line::equals);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Suspends the process, so that it answers nothing until it is resumed. */
  Stopped stop() {
    return Stopped.process(process.pid());
  }

  void kill() {
    atExit.kill();
  }

  /** Starts the server again with its current configuration file. */
  void restart() {
    await().ignoreException(IOException.class).atMost(START).until(this::launched);
    atExit = new KillAtExit(process);
    await().atMost(START).until(this::accepts);
  }

  private boolean launched() throws IOException {
    process =
        EmbeddedRedis.start(
            new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile()));
    return true;
  }

  private boolean accepts() throws IOException {
    if (!process.isAlive()) {
      assumeFalse(
          Files.readString(directory.resolve("redis.log")).contains("tls-port"),
          "This redis-server knows no TLS: not tested here");
      throw new IllegalStateException(Files.readString(directory.resolve("redis.log")));
    }
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() {
    while (true) {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() + TO_BUS_PORT <= LARGEST_PORT) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    kill();
  }
}
