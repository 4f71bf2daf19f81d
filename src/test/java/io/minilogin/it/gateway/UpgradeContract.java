package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.it.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets pass after a check. No other upgrade of a connection passes. */
interface UpgradeContract {
  int PATIENCE_SECONDS = 20;

  Stage stage();

  @Test
  default void webSocketWithATokenPasses() {
    var token = stage().client().tokenFor(code());
    var answer = new CompletableFuture<String>();
    var socket = connect(token, answer).join();
    socket.sendText("ni hao", true);
    assertThat(answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join()).isEqualTo("ni hao");
    socket.abort();
  }

  @Test
  default void webSocketWithoutATokenIsRefused() {
    assertThatThrownBy(() -> connect("", new CompletableFuture<>()).join())
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
  }

  @Test
  default void upgradeToHttp2DoesNotPass() throws Exception {
    var http = HttpClient.newBuilder().version(Version.HTTP_2).build();
    var direct = http.send(request(stage().backend().uri(), ""), BodyHandlers.ofString());
    assertThat(direct.version()).as("version without the gateway").isEqualTo(Version.HTTP_2);

    var token = stage().client().tokenFor(code());
    var response = get(http, token);
    assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body().toLowerCase(Locale.ROOT)).doesNotContain("upgrade: h2c");
    assertThat(get(http, "").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: h2c",
        "Upgrade: websocket, h2c",
        "Upgrade: h2c, websocket",
        "Upgrade: h2c\r\nUpgrade: websocket",
        "Upgrade: websocket\r\nUpgrade: h2c"
      })
  default void upgradeHiddenInAListIsRefused(String upgrade) throws IOException {
    var request =
        RawHttp.get(
            Stage.path(),
            "Authorization: Bearer " + stage().client().tokenFor(code()),
            "Connection: Upgrade, HTTP2-Settings",
            "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            upgrade);
    try (var http = new RawHttp(stage().client().traffic())) {
      var head = http.send(request.getBytes(StandardCharsets.ISO_8859_1)).head();
      if (head.status() == 101) {
        assertThat(head.text()).containsIgnoringCase("Upgrade: websocket\r\n");
      } else {
        assertThat(head.status()).isIn(200, 400);
        // A unionid may contain these letters.
        assertThat(http.answer().text()).doesNotContainPattern("(?i)upgrade: [^\"]*h2c");
      }
    }
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
