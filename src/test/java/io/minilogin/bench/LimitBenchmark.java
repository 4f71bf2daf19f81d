package io.minilogin.bench;

import io.minilogin.it.Container;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Logins and checks, as many as get answered, in a container of the manifest's memory limit: what
 * the service takes, and that nothing is killed for it. Of the artefact that {@code
 * -Dartefact.kind} names.
 */
final class LimitBenchmark {
  private static final int PERIOD = 15;
  private static final String ROW = "| %-34s | %6s | %8s | %8s | %7s | %11s | %5s |%n";

  private LimitBenchmark() {}

  /** Argument: seconds, 600 without any. */
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
