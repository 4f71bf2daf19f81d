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

/** Sends single requests and checks their answers; wrk would only count the failures. */
record Caller(String service) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Pattern OPENID = Pattern.compile("\"openid\":\"([^\"]+)\"");
  private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

  /** Returns the token of a login. A service that has just started may need several attempts. */
  String token() {
    var attempt = new AtomicInteger();
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> login("first." + attempt.incrementAndGet()), Optional::isPresent)
        .orElseThrow();
  }

  /** Returns the token of the login; empty if the login fails. */
  Optional<String> login(String code) {
    var json = "{\"code\":\"%s\",\"appid\":\"%s\"}".formatted(code, SimulatorServer.APP.appid());
    var body = HttpRequest.BodyPublishers.ofString(json);
    var login = HttpRequest.newBuilder(URI.create(service + "/login")).POST(body);
    var answer = send(login.header("Content-Type", "application/json"));
    return TOKEN.matcher(answer.body()).results().findFirst().map(token -> token.group(1));
  }

  /** Returns the openid of the user with this token. */
  String openid(String token) {
    var session = HttpRequest.newBuilder(URI.create(service + "/session"));
    var answer = send(session.header("Authorization", "Bearer " + token));
    return OPENID.matcher(answer.body()).results().findFirst().orElseThrow().group(1);
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
