package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.it.gateway.EchoBackend.Echo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes on the connections of clients, and how few connections that takes. */
interface ConnectionContract {
  int CHECKS = 1000;
  int PATIENCE_SECONDS = 20;

  Stage stage();

  @ParameterizedTest
  @ValueSource(ints = {3, 100_000})
  default void theBackendGetsTheWholeBody(int length) {
    var token = stage().client().tokenFor(code());
    var body = "x".repeat(length);
    var request = stage().client().bearing(token).contentType("text/plain").body(body);
    var echo = Echo.in(request.post(Stage.path()));
    assertThat(echo.method()).isEqualTo("POST");
    assertThat(echo.body()).isEqualTo(body);
    assertThat(echo.values("content-length")).containsExactly(String.valueOf(length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "PATCH", "DELETE", "OPTIONS"})
  default void everyMethodReachesTheBackend(String method) {
    var token = stage().client().tokenFor(code());
    var echo = Echo.in(stage().client().bearing(token).request(method, Stage.path()));
    assertThat(echo.method()).isEqualTo(method);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 500, 503})
  default void theBackendsOwnErrorsStayAsTheyAre(int status) {
    var token = stage().client().tokenFor(code());
    var response = stage().client().bearing(token).get("/status/" + status);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.asString()).isEqualTo(EchoBackend.OWN_WORDS);
  }

  @Test
  default void aThousandChecksTakeTwoConnectionsAtMost() throws Exception {
    var token = stage().client().tokenFor(code());
    var http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    var before = stage().line().accepted();
    for (int i = 0; i < CHECKS; i++) {
      assertThat(get(http, token).statusCode()).isEqualTo(200);
    }
    assertThat(stage().line().accepted() - before).isLessThanOrEqualTo(2);
  }

  @Test
  default void aWebSocketPassesWithAToken() {
    var token = stage().client().tokenFor(code());
    var answer = new CompletableFuture<String>();
    var socket = connect(token, answer).join();
    socket.sendText("ni hao", true);
    assertThat(answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()).isEqualTo("ni hao");
    socket.abort();
  }

  @Test
  default void aWebSocketWithoutATokenIsRefused() {
    assertThatThrownBy(() -> connect("", new CompletableFuture<>()).join())
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
  }

  @Test
  default void anUpgradeToHttp2DoesNotPass() throws Exception {
    var http = HttpClient.newBuilder().version(Version.HTTP_2).build();
    var direct = http.send(request(stage().backend().uri(), ""), BodyHandlers.ofString());
    assertThat(direct.version()).as("what the backend would do").isEqualTo(Version.HTTP_2);

    var token = stage().client().tokenFor(code());
    var response = get(http, token);
    assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body().toLowerCase()).doesNotContain("upgrade: h2c");
    assertThat(get(http, "").statusCode()).isEqualTo(401);
  }

  private HttpResponse<String> get(HttpClient http, String token)
      throws IOException, InterruptedException {
    return http.send(request(stage().uri("http", Stage.path()), token), BodyHandlers.ofString());
  }

  private static HttpRequest request(URI uri, String token) {
    return HttpRequest.newBuilder(uri)
        .header("Authorization", "Bearer " + token)
        .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
        .build();
  }

  private CompletableFuture<WebSocket> connect(String token, CompletableFuture<String> answer) {
    return HttpClient.newHttpClient()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(
            stage().uri("ws", Stage.path()),
            new WebSocket.Listener() {
              @Override
              public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                answer.complete(text.toString());
                return null;
              }
            });
  }
}
