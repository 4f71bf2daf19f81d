package io.minilogin.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minilogin.it.RedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Starts all processes on 127.0.0.1 and on free ports: the measured process alone on one core, the
 * others on the other core.
 */
final class Servers {
  static final String MEASURED = "0";
  static final String AROUND = "1";
  static final String BOTH = "0,1";
  private static final Pattern USED = Pattern.compile("used_memory:(\\d+)");
  private static final String LISTENING = "Listening on: (http://127\\.0\\.0\\.1:\\d+)";

  /** A Redis and its port. */
  record Redis(PinnedProcess process, int port) implements AutoCloseable {
    /** Returns the memory that Redis has allocated for its data. */
    long usedBytes() {
      try (var connection = new RedisConnection(port)) {
        var info = new String((byte[]) connection.send("INFO", "memory"), US_ASCII);
        var used = USED.matcher(info).results().findFirst().orElseThrow();
        return Long.parseLong(used.group(1));
      }
    }

    @Override
    public void close() {
      process.close();
    }
  }

  private Servers() {}

  /** Returns the address of a server. All servers except Redis print it when they start. */
  static String uri(PinnedProcess server) {
    return server.announcement().group(1);
  }

  /** Starts an empty Redis that writes nothing to disk. */
  static Redis redis() {
    var port = freePort();
    var listen = List.of("redis-server", "--bind", "127.0.0.1", "--port", Integer.toString(port));
    var command = new ArrayList<>(listen);
    command.addAll(List.of("--save", "", "--appendonly", "no"));
    return new Redis(
        PinnedProcess.start(AROUND, Map.of(), "Ready to accept connections", command), port);
  }

  static PinnedProcess simulator() {
    // A large heap, because the simulator records every call. Only the C1 compiler, because C2
    // would take core time from wrk and Redis until long after the warm-up.
    var options = List.of("-Xmx6g", "-XX:TieredStopAtLevel=1");
    var command = Java.command(options, SimulatorServer.class);
    return PinnedProcess.start(AROUND, Map.of(), LISTENING, command);
  }

  static PinnedProcess service(Artefact artefact, Redis redis, PinnedProcess simulator) {
    return service(MEASURED, artefact, redis, simulator, Map.of());
  }

  /** Starts the service on the cores and with additional settings. */
  static PinnedProcess service(
      String cores,
      Artefact artefact,
      Redis redis,
      PinnedProcess simulator,
      Map<String, String> settings) {
    var environment = new HashMap<>(settings);
    environment.putAll(
        Map.of(
            "QUARKUS_HTTP_HOST",
            "127.0.0.1",
            "QUARKUS_HTTP_PORT",
            "0",
            "QUARKUS_MANAGEMENT_HOST",
            "127.0.0.1",
            "QUARKUS_MANAGEMENT_PORT",
            "0",
            "QUARKUS_REDIS_HOSTS",
            "redis://127.0.0.1:" + redis.port(),
            "WECHAT_BASE_URL",
            uri(simulator),
            "WECHAT_APPID",
            SimulatorServer.APP.appid(),
            "WECHAT_SECRET",
            SimulatorServer.APP.secret()));
    return PinnedProcess.start(cores, environment, LISTENING, artefact.command());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
