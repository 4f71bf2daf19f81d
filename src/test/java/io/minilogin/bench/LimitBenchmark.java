package io.minilogin.bench;

import io.minilogin.it.Container;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends logins and checks as fast as they are answered to a service in a container with the memory
 * limit of the manifest. Reports the memory of the service and the number of killed processes.
 * {@code -Dartefact.kind} names the artefact.
 */
final class LimitBenchmark {
  private static final int PERIOD = 15;
  private static final String ROW = "| %-34s | %6s | %8s | %8s | %7s | %11s | %5s |%n";

  private LimitBenchmark() {}

  /** Takes the duration in seconds as an argument; the default is 600. */
  public static void main(String... seconds) {
    int duration = seconds.length == 0 ? 600 : Integer.parseInt(seconds[0]);
    var kind = System.getProperty("artefact.kind", "jar");
    var line = "%s, limit %d MiB".formatted(kind, Container.LIMIT >> 20);
    System.out.printf(ROW, "", "s", "logins/s", "checks/s", "failed", "resident MB", "kills");
    System.out.printf(ROW, "---", "--:", "--:", "--:", "--:", "--:", "--:");
    try (var container = Container.limitedTo(Container.LIMIT);
        var redis = Servers.redis();
        var simulator = Servers.simulator();
        var service =
            Servers.service(
                Servers.BOTH,
                new Artefact(kind, container.command(), List.of()),
                redis,
                simulator,
                Map.of())) {
      var url = Servers.uri(service);
      var bearer = "Authorization: Bearer " + new Caller(url).token();
      for (int second = 0; second < duration; second += PERIOD) {
        var run = "run" + second;
        var logging =
            CompletableFuture.supplyAsync(
                () -> Wrk.run(PERIOD, run, "-s", "bench/codes.lua", url + "/login"));
        var checks = Wrk.run(PERIOD, run, "-H", bearer, url + "/verify");
        var logins = logging.join();
        System.out.printf(
            ROW,
            line,
            second + PERIOD,
            "%,.0f".formatted(logins.perSecond()),
            "%,.0f".formatted(checks.perSecond()),
            logins.failures() + checks.failures(),
            service.usage().residentKilobytes() / 1024,
            container.kills());
      }
    }
  }
}
