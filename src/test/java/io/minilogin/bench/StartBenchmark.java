package io.minilogin.bench;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Measures the time from the start of the process to the 200 of the first login, the CPU time
 * within it, and the memory. The artefacts start in turns, so that other load of the machine
 * affects all of them. Reports medians without the first round.
 */
final class StartBenchmark {
  private static final int STARTS = Integer.getInteger("start.starts", 7);

  /** The time in which a JVM warms up. */
  private static final Duration IDLE = Duration.ofSeconds(6);

  private static final String ROW = "| %-16s | %9s | %6s | %12s | %7s | %23s | %7s |%n";

  private final Servers.Redis redis;
  private final PinnedProcess simulator;
  private int logins;

  private record Start(long millis, long cpuMillis, long residentKilobytes) {}

  private StartBenchmark(Servers.Redis redis, PinnedProcess simulator) {
    this.redis = redis;
    this.simulator = simulator;
  }

  public static void main(String... none) {
    Machine.print();
    try (var redis = Servers.redis();
        var simulator = Servers.simulator()) {
      new StartBenchmark(redis, simulator).run();
    }
  }

  private void run() {
    var starts = new LinkedHashMap<Artefact, List<Start>>();
    for (int round = 0; round <= STARTS; round++) {
      for (var artefact : Artefact.allAndPeers()) {
        var start = start(artefact);
        if (round > 0) {
          starts.computeIfAbsent(artefact, first -> new ArrayList<>()).add(start);
        }
      }
    }
    System.out.printf(
        ROW,
        "",
        "first 200",
        "CPU ms",
        "MB at the 200",
        "MB idle",
        "MB after 10^6 checks",
        "MB size");
    System.out.printf(ROW, "---", "--:", "--:", "--:", "--:", "--:", "--:");
    starts.forEach(this::print);
  }

  private Start start(Artefact artefact) {
    long began = System.nanoTime();
    try (var service = service(artefact)) {
      logIn(service);
      long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
      var usage = service.usage();
      return new Start(millis, usage.cpuMicros() / 1000, usage.residentKilobytes());
    }
  }

  private void print(Artefact artefact, List<Start> starts) {
    try (var service = service(artefact)) {
      logIn(service);
      await().pollDelay(IDLE).until(() -> true);
      var idle = service.usage();
      Checks.send(service);
      System.out.printf(
          ROW,
          artefact.name(),
          median(starts, Start::millis) + " ms",
          median(starts, Start::cpuMillis),
          median(starts, Start::residentKilobytes) / 1024,
          idle.residentKilobytes() / 1024,
          service.usage().residentKilobytes() / 1024,
          artefact.bytes() >> 20);
    }
  }

  private PinnedProcess service(Artefact artefact) {
    return Servers.service(Servers.MEASURED, artefact, redis, simulator, Map.of());
  }

  private void logIn(PinnedProcess service) {
    var caller = new Caller(Servers.uri(service));
    await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> caller.login("first" + logins++ + ".start").isPresent());
  }

  private static long median(List<Start> starts, ToLongFunction<Start> value) {
    return starts.stream().mapToLong(value).sorted().skip(starts.size() / 2).findFirst().orElse(0);
  }
}
