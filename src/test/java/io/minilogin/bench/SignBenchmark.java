package io.minilogin.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures signatures for backends beside checks of tokens: the same service, the same Redis, the
 * same users.
 */
final class SignBenchmark {
  private static final int USERS = 1000;
  private static final String SECRET = "a-secret-of-the-benchmark";
  private static final String AUTHORIZATION =
      "Basic " + Base64.getEncoder().encodeToString(("bench:" + SECRET).getBytes(UTF_8));
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CLIENTS_0__ID",
          "bench",
          "CLIENTS_0__SECRET",
          SECRET,
          "CLIENTS_0__MAY",
          "sign",
          "WECHAT_PAYMENT_KEY",
          "a-payment-key",
          // Each signature writes a line of the audit log, which is discarded here.
          "QUARKUS_LOG_LEVEL",
          System.getenv().getOrDefault("LOG_LEVEL", "INFO"));

  /** Real data of a payment have about 200 bytes. */
  private static final String DATA =
      "{\\\"offerId\\\":\\\"1450000000\\\",\\\"buyQuantity\\\":1,\\\"env\\\":0,"
          + "\\\"currencyType\\\":\\\"CNY\\\",\\\"outTradeNo\\\":\\\"order-0000000001\\\","
          + "\\\"attach\\\":\\\"%s\\\"}";

  private static final String SHORT = "{\"data\":\"" + DATA.formatted("x".repeat(80)) + "\"}";
  private static final String BOTH =
      "{\"data\":\"" + DATA.formatted("x".repeat(80)) + "\",\"uri\":\"requestVirtualPayment\"}";
  private static final String LARGE = "{\"data\":\"" + DATA.formatted("x".repeat(15_000)) + "\"}";

  private final PinnedProcess service;
  private final String name;
  private final Path tokens;
  private final Path paths;

  private SignBenchmark(PinnedProcess service, String name) throws IOException {
    this.service = service;
    this.name = name;
    var caller = new Caller(Servers.uri(service));
    caller.token();
    var users =
        IntStream.range(0, USERS)
            .mapToObj(i -> caller.login("user" + i + "." + System.nanoTime()).orElseThrow())
            .toList();
    tokens = Files.write(Files.createTempFile("tokens", ""), users);
    paths =
        Files.write(
            Files.createTempFile("paths", ""),
            users.stream().map(caller::openid).map(SignBenchmark::path).toList());
  }

  /** Takes no arguments. */
  public static void main(String... none) throws IOException {
    System.out.printf(
        "%-8s %-28s %10s %8s %8s %12s%n", "", "", "1/s", "p50 ms", "p99 ms", "CPU µs");
    for (var artefact : Artefact.all()) {
      try (var redis = Servers.redis();
          var simulator = Servers.simulator();
          var service = Servers.service(Servers.MEASURED, artefact, redis, simulator, SETTINGS)) {
        var benchmark = new SignBenchmark(service, artefact.name());
        benchmark.measure("/verify", List.of(benchmark.tokens.toString()), "tokens");
        benchmark.measure("signature", benchmark.signing(SHORT), "sign");
        benchmark.measure("signature and pay_sig", benchmark.signing(BOTH), "sign");
        benchmark.measure("signature of 15 KB", benchmark.signing(LARGE), "sign");
        Files.delete(benchmark.tokens);
        Files.delete(benchmark.paths);
      }
    }
  }

  private List<String> signing(String body) {
    return List.of(paths.toString(), AUTHORIZATION, body);
  }

  private void measure(String load, List<String> arguments, String script) {
    var settings = Settings.OF_ENVIRONMENT;
    var url = Servers.uri(service) + (script.equals("tokens") ? "/verify" : "");
    var request = new String[] {"-s", "bench/" + script + ".lua", url};
    Wrk.run(settings.warmUp(), arguments, request);
    var before = service.usage();
    var wrk = Wrk.run(settings.duration(), arguments, request);
    var cpu = service.usage().cpuMicros() - before.cpuMicros();
    if (wrk.failures() > 0 || !wrk.socketErrors().isEmpty()) {
      throw new IllegalStateException(load + ": " + wrk);
    }
    System.out.printf(
        "%-8s %-28s %,10.0f %8.2f %8.2f %12.0f%n",
        name,
        load,
        wrk.perSecond(),
        wrk.medianMillis(),
        wrk.p99Millis(),
        (double) cpu / wrk.requests());
  }

  private static String path(String openid) {
    return "/users/" + SimulatorServer.APP.appid() + "/" + openid + "/signature";
  }
}
