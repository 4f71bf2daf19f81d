package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a valid token no request reaches the backend, and the client learns what to do. */
interface RefusalContract {
  Stage stage();

  @Test
  default void missingTokenIsRefused() {
    var path = Stage.path();
    var response = stage().client().request().get(path);
    isProblem(response, "token-missing", 401, "login");
    response.then().header("WWW-Authenticate", equalTo("Bearer realm=\"mini-login\""));
    assertThat(stage().backend().saw(path)).isFalse();
  }

  @Test
  default void requestWithABodyAndWithoutATokenIsRefused() {
    var path = Stage.path();
    var response = stage().client().request().body("x".repeat(100_000)).post(path);
    isProblem(response, "token-missing", 401, "login");
    assertThat(stage().backend().saw(path)).isFalse();
  }

  @Test
  default void unknownTokenIsRefused() {
    isInvalid("mlt_onkvce-sN6yYLlbFbn6I-hMPVwamZJFJKdK3jRxwo5U");
  }

  @Test
  default void revokedTokenIsRefused() {
    var token = stage().client().tokenFor(code());
    stage().client().bearing(token).get(Stage.path()).then().statusCode(200);
    stage().client().logout(token).then().statusCode(204);
    isInvalid(token);
  }

  @Test
  default void expiredTokenIsRefused() {
    var token = stage().client().tokenFor(code());
    stage().client().bearing(token).get(Stage.path()).then().statusCode(200);
    stage().surroundings().expire(token);
    await().until(() -> stage().client().bearing(token).get(Stage.path()).statusCode() == 401);
    isInvalid(token);
  }

  @Test
  default void twoAuthorizationHeadersAreRefused() {
    var token = stage().client().tokenFor(code());
    var path = Stage.path();
    stage()
        .client()
        .bearing(token)
        .header("Authorization", "Bearer " + token)
        .get(path)
        .then()
        .statusCode(400);
    assertThat(stage().backend().saw(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", ", ", ",Bearer "})
  default void twoTokensAreRefused(String separator) {
    var token = stage().client().tokenFor(code());
    var path = Stage.path();
    var response = stage().client().bearing(token + separator + token).get(path);
    isProblem(response, "invalid-request", 400, "none");
    assertThat(stage().backend().saw(path)).isFalse();
  }

  /** Expects this problem of mini-login, whether the gateway passes it on or generates it. */
  static void isProblem(Response response, String name, int status, String action) {
    response
        .then()
        .statusCode(status)
        .header("Content-Type", startsWith("application/problem+json"))
        .header("Cache-Control", equalTo("no-store"))
        .body("type", equalTo("urn:mini-login:problem:" + name))
        .body("status", equalTo(status))
        .body("action", equalTo(action));
  }

  private void isInvalid(String token) {
    var path = Stage.path();
    var response = stage().client().bearing(token).get(path);
    isProblem(response, "token-invalid", 401, "login");
    response
        .then()
        .header(
            "WWW-Authenticate", equalTo("Bearer realm=\"mini-login\", error=\"invalid_token\""));
    assertThat(stage().backend().saw(path)).isFalse();
  }
}
