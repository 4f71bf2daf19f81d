package io.minilogin.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Measures the cost of a backend's call of WeChat's API through the service, compared with the
 * direct call with the backend's own token; the latency of logins under a maximum load of such
 * calls; and the memory that large bodies take. WeChat answers at once or after 50 ms.
 */
final class ApiBenchmark {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String SECRET = "a-secret-of-the-benchmark";
  private static final String AUTHORIZATION =
      "Basic " + Base64.getEncoder().encodeToString(("bench:" + SECRET).getBytes(UTF_8));
  private static final Map<String, String> CLIENT =
      Map.of("CLIENTS_0__ID", "bench", "CLIENTS_0__SECRET", SECRET, "CLIENTS_0__MAY", "/echo/*");
  private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
  private static final int LARGE_CALLS = 20;
  private static final int UPLOAD = 10_000_000;
  private static final int DOWNLOAD = 20_000_000;
  private static final double KILOBYTES = 1024;

  private ApiBenchmark() {}

  /** Takes no arguments. */
  public static void main(String... none) throws IOException, InterruptedException {
    for (var artefact : Artefact.all()) {
      try (var redis = Servers.redis();
          var simulator = Servers.simulator();
          var service = Servers.service(Servers.MEASURED, artefact, redis, simulator, CLIENT)) {
        calls(artefact.name(), service, simulator);
        logins(artefact.name(), service, simulator);
        largeBodies(artefact.name(), service);
      }
    }
  }

  private static void calls(String name, PinnedProcess service, PinnedProcess simulator)
      throws IOException, InterruptedException {
    var settings = Settings.OF_ENVIRONMENT;
    for (int delay : new int[] {0, 50}) {
      var path = "/echo/call?simulate=delay:" + delay;
      var direct = Servers.uri(simulator) + path + "&access_token=" + token(simulator);
      var through = Servers.uri(service) + "/wechat" + path;
      Wrk.run(settings.warmUp(), "warm-up", direct);
      var alone = Wrk.run(settings.duration(), "direct", direct);
      Wrk.run(settings.warmUp(), "warm-up", "-H", "Authorization: " + AUTHORIZATION, through);
      var before = service.usage();
      var wrk =
          Wrk.run(settings.duration(), "through", "-H", "Authorization: " + AUTHORIZATION, through);
      var cpu = service.usage().cpuMicros() - before.cpuMicros();
      requireSuccess(alone);
      requireSuccess(wrk);
      System.out.printf(
          "WeChat answers after %d ms, direct: %,.0f calls/s, p50 %.2f ms, p99 %.2f ms%n",
          delay, alone.perSecond(), alone.medianMillis(), alone.p99Millis());
      System.out.printf(
          "WeChat answers after %d ms, %s: %,.0f calls/s, p50 %.2f ms, p99 %.2f ms, %.0f µs of"
              + " CPU each%n",
          delay,
          name,
          wrk.perSecond(),
          wrk.medianMillis(),
          wrk.p99Millis(),
          (double) cpu / wrk.requests());
    }
  }

  private static void logins(String name, PinnedProcess service, PinnedProcess simulator) {
    var settings = Settings.OF_ENVIRONMENT;
    var somebody = new Caller(Servers.uri(service));
    somebody.token();
    for (var load : new String[] {"", "/echo/flood", "/echo/flood?simulate=delay:50"}) {
      var logins = new Logins(somebody, "load" + load.length());
      var measuring = CompletableFuture.supplyAsync(logins::measure);
      // For comparison: the same load without the service, on the core of the other processes.
      Wrk.run(
          settings.duration(),
          "flood",
          "-H",
          "Authorization: " + AUTHORIZATION,
          load.isEmpty()
              ? Servers.uri(simulator) + "/simulator/nothing"
              : Servers.uri(service) + "/wechat" + load);
      logins.isOver().set(true);
      System.out.printf(
          "%s, logins one after the other while backends call %s: %s ms%n",
          name, load.isEmpty() ? "past it" : load, measuring.join());
    }
  }

  private static void largeBodies(String name, PinnedProcess service)
      throws IOException, InterruptedException {
    var upload = BodyPublishers.ofByteArray(new byte[UPLOAD]);
    var before = service.usage().residentKilobytes();
    for (int i = 0; i < LARGE_CALLS; i++) {
      send(to(service, "/echo/upload").POST(upload));
    }
    var uploaded = service.usage().residentKilobytes();
    for (int i = 0; i < LARGE_CALLS; i++) {
      send(to(service, "/echo/download?simulate=bytes:" + DOWNLOAD));
    }
    var downloaded = service.usage().residentKilobytes();
    System.out.printf(
        "%s, resident MB: %.0f, after %d uploads of 10 MB %.0f, after %3$d downloads of 20 MB"
            + " %5$.0f%n",
        name, before / KILOBYTES, LARGE_CALLS, uploaded / KILOBYTES, downloaded / KILOBYTES);
  }

  private static HttpRequest.Builder to(PinnedProcess service, String path) {
    return HttpRequest.newBuilder(URI.create(Servers.uri(service) + "/wechat" + path))
        .header("Authorization", AUTHORIZATION);
  }

  /** Returns an access token for the benchmark. The service gets the same token. */
  private static String token(PinnedProcess simulator) throws IOException, InterruptedException {
    var body =
        "{\"grant_type\":\"client_credential\",\"appid\":\"%s\",\"secret\":\"%s\"}"
            .formatted(SimulatorServer.APP.appid(), SimulatorServer.APP.secret());
    var request =
        HttpRequest.newBuilder(URI.create(Servers.uri(simulator) + "/cgi-bin/stable_token"));
    var reply =
        HTTP.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    return TOKEN.matcher(reply.body()).results().findFirst().orElseThrow().group(1);
  }

  private static void send(HttpRequest.Builder request) throws IOException, InterruptedException {
    var reply = HTTP.send(request.build(), BodyHandlers.discarding());
    if (reply.statusCode() != 200) {
      throw new IllegalStateException("status " + reply.statusCode());
    }
  }

  private static void requireSuccess(Wrk wrk) {
    if (wrk.failures() > 0 || !wrk.socketErrors().isEmpty()) {
      throw new IllegalStateException(wrk.failures() + " failures " + wrk.socketErrors());
    }
  }
}
