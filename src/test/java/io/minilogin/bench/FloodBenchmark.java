package io.minilogin.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends codes that WeChat rejects for a minute on 50 connections. Reports for each period the rate
 * and the latency of another user's login, with one and with several event loops, with and without
 * a replay window. The service may use both cores: a faster service has more codes to remember.
 */
final class FloodBenchmark {
  private static final int SECONDS = Integer.getInteger("flood.seconds", 60);
  private static final int PERIOD = 5;
  private static final String ROW = "| %-34s | %6s | %10s | %7s | %12s |%n";

  private FloodBenchmark() {}

  /** Takes the numbers of event loops as arguments. */
  public static void main(String... eventLoops) {
    System.out.printf(ROW, "", "s", "refusals/s", "p99 ms", "a login, ms");
    System.out.printf(ROW, "---", "--:", "--:", "--:", "--:");
    for (var artefact : Artefact.all()) {
      for (var loops : eventLoops.length == 0 ? List.of("1", "2") : List.of(eventLoops)) {
        for (var window : List.of("10S", "0S")) {
          flood(artefact, loops, window);
        }
      }
    }
  }

  private static void flood(Artefact artefact, String loops, String window) {
    var settings =
        Map.of("QUARKUS_VERTX_EVENT_LOOPS_POOL_SIZE", loops, "LOGIN_REPLAY_WINDOW", window);
    var line = "%s, %s event loops, window %s".formatted(artefact.name(), loops, window);
    try (var redis = Servers.redis();
        var simulator = Servers.simulator();
        var service = Servers.service(Servers.BOTH, artefact, redis, simulator, settings)) {
      var url = Servers.uri(service) + "/login";
      var somebody = new Caller(Servers.uri(service));
      somebody.token();
      Wrk.run(PERIOD, "warm-up", "-s", "bench/codes.lua", url);
      for (int second = 0; second < SECONDS; second += PERIOD) {
        var run = "run" + second;
        var logins = new Logins(somebody, run);
        var measuring = CompletableFuture.supplyAsync(logins::measure);
        var wrk = Wrk.run(PERIOD, run + ".errcode=40029", "-s", "bench/codes.lua", url);
        logins.isOver().set(true);
        System.out.printf(
            ROW,
            line,
            second + PERIOD,
            "%,.0f".formatted(wrk.perSecond()),
            "%.1f".formatted(wrk.p99Millis()),
            measuring.join());
      }
    }
  }
}
