package io.minilogin.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requests per second of the packaged service on one core, their latency, CPU time and memory. The
 * lines are measured one after the other, each artefact with a Redis and a simulated WeChat of its
 * own.
 */
final class RequestBenchmark {
  /** Well-formed, so that it is looked for in Redis. */
  private static final String UNKNOWN_TOKEN = "mlt_" + "A".repeat(43);

  private static final String CODES = "bench/codes.lua";

  private final Settings settings = Settings.OF_ENVIRONMENT;
  private final Table table = Table.begin();
  private final List<String> complaints = new ArrayList<>();

  private RequestBenchmark() {}

  /** Arguments: {@code verify}, {@code login} or {@code requests}, which is both. */
  public static void main(String... arguments) {
    Machine.print();
    var benchmark = new RequestBenchmark();
    benchmark.limits();
    if (!arguments[0].equals("login")) {
      Artefact.all().forEach(benchmark::verify);
    }
    if (!arguments[0].equals("verify")) {
      benchmark.simulator();
      Artefact.all().forEach(benchmark::login);
    }
    benchmark.complaints.forEach(System.err::println);
    System.exit(benchmark.complaints.isEmpty() ? 0 : 1);
  }

  private void limits() {
    limit("Vert.x, 200", "ok");
    limit(Table.GETEX, "getex");
    limit(Table.PIPELINED, "pipelined");
  }

  private void limit(String line, String kind) {
    try (var redis = Servers.redis();
        var server = Servers.limit(kind, redis)) {
      measure(line, server, true, Servers.uri(server) + "/verify");
    }
  }

  private void verify(Artefact artefact) {
    try (var redis = Servers.redis();
        var simulator = Servers.simulator();
        var service = Servers.service(artefact, redis, simulator)) {
      var token = new Caller(Servers.uri(service)).token();
      verify(artefact.name() + ", valid token", service, Optional.of(token), 200);
      verify(artefact.name() + ", unknown token", service, Optional.of(UNKNOWN_TOKEN), 401);
      verify(artefact.name() + ", no token", service, Optional.empty(), 401);
    }
  }

  private void verify(String line, PinnedProcess service, Optional<String> token, int status) {
    var url = Servers.uri(service) + "/verify";
    var authorization = token.map(value -> "Bearer " + value);
    new Caller(Servers.uri(service)).expect(status, authorization);
    var request = new ArrayList<String>();
    authorization.ifPresent(value -> request.addAll(List.of("-H", "Authorization: " + value)));
    request.add(url);
    measure(line, service, status == 200, request.toArray(String[]::new));
  }

  private void simulator() {
    try (var simulator = Servers.simulator()) {
      var call =
          "%s/sns/jscode2session?appid=%s&secret=%s&grant_type=authorization_code&js_code="
              .formatted(
                  Servers.uri(simulator),
                  SimulatorServer.APP.appid(),
                  SimulatorServer.APP.secret());
      measure("simulated WeChat", simulator, true, "-s", CODES, call);
    }
  }

  private void login(Artefact artefact) {
    try (var redis = Servers.redis();
        var simulator = Servers.simulator();
        var service = Servers.service(artefact, redis, simulator)) {
      new Caller(Servers.uri(service)).token();
      var url = Servers.uri(service) + "/login";
      measure(artefact.name() + ", login", service, true, "-s", CODES, url);
    }
  }

  /**
   * Measures one line.
   *
   * @param success whether all requests are to succeed, or none
   * @param request what wrk needs to know of it
   */
  private void measure(String line, PinnedProcess server, boolean success, String... request) {
    Wrk.run(settings.warmUp(), "warm-up", request);
    var before = server.usage();
    var wrk = Wrk.run(settings.duration(), "measured", request);
    table.add(line, wrk, before, server.usage());
    var wrong = success ? wrk.failures() : wrk.requests() - wrk.failures();
    if (wrong > 0 || !wrk.socketErrors().isEmpty()) {
      complaints.add(
          "%s: %d answers with the wrong status. %s".formatted(line, wrong, wrk.socketErrors()));
    }
  }
}
