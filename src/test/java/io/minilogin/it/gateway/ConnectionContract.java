package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.gateway.EchoBackend.Echo;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests pass the gateway unchanged, and the gateway needs few connections to mini-login. */
interface ConnectionContract {
  int CHECKS = 300;
  int PATIENCE_OF_A_CLIENT = 20;

  Stage stage();

  @ParameterizedTest
  @ValueSource(ints = {3, 100_000})
  default void backendReceivesTheWholeBody(int length) {
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
  default void errorsOfTheBackendAreUnchanged(int status) {
    var token = stage().client().tokenFor(code());
    var response = stage().client().bearing(token).get("/status/" + status);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.asString()).isEqualTo(EchoBackend.OWN_WORDS);
  }

  @Test
  default void manyChecksUseAtMostTwoConnections() throws Exception {
    var token = stage().client().tokenFor(code());
    var http = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    var request =
        HttpRequest.newBuilder(stage().uri("http", Stage.path()))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(PATIENCE_OF_A_CLIENT))
            .build();
    var before = stage().line().accepted();
    for (int i = 0; i < CHECKS; i++) {
      assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }
    assertThat(stage().line().accepted() - before).isLessThanOrEqualTo(2);
  }
}
