package io.minilogin.bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Single requests, where wrk would only say how many failed. */
record Caller(String service) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

  /** The token of a login; a service that has just started may need more than one attempt. */
  String token() {
    var attempt = new AtomicInteger();
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> login("first." + attempt.incrementAndGet()), Optional::isPresent)
        .orElseThrow();
  }

  /** The token of a login that succeeds. */
  Optional<String> login(String code) {
    var json = "{\"code\":\"%s\",\"appid\":\"%s\"}".formatted(code, SimulatorServer.APP.appid());
    var body = HttpRequest.BodyPublishers.ofString(json);
    var login = HttpRequest.newBuilder(URI.create(service + "/login")).POST(body);
    var answer = send(login.header("Content-Type", "application/json"));
    return TOKEN.matcher(answer.body()).results().findFirst().map(token -> token.group(1));
  }

  /** Throws if the service gives another verdict than expected. */
  void expect(int status, Optional<String> authorization) {
    var request = HttpRequest.newBuilder(URI.create(service + "/verify"));
    authorization.ifPresent(value -> request.header("Authorization", value));
    var answer = send(request);
    if (answer.statusCode() != status) {
      throw new IllegalStateException("/verify: " + answer.statusCode() + " " + answer.body());
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
