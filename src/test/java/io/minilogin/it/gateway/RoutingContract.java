package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.gateway.RefusalContract.isProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.RawHttp;
import io.minilogin.it.gateway.EchoBackend.Echo;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users log in and out through the gateway. No other endpoint of mini-login is reachable there. */
interface RoutingContract {
  Stage stage();

  @Test
  default void usersLogInAndOutThroughTheGateway() {
    var token = stage().client().tokenFor(code());
    stage().client().session(token).then().statusCode(200);
    stage().client().logout(token).then().statusCode(204);
    stage().client().logoutEverywhere(stage().client().tokenFor(code())).then().statusCode(204);
  }

  @Test
  default void loginErrorsOfMiniLoginArePassedOn() {
    var refused = stage().client().login(code("errcode=40029"));
    isProblem(refused, "code-invalid", 400, "login");
    isProblem(stage().client().session("mlt_unknown"), "token-invalid", 401, "login");
  }

  @Test
  default void pathsBelowSessionAreRoutedToMiniLogin() {
    isProblem(stage().client().request().get("/session/unknown"), "not-found", 404, "none");
  }

  @Test
  default void eventsOfWechatAreRoutedToMiniLogin() {
    var push = stage().client().request().body("x".repeat(40_000)).post("/push/wx-without-a-token");
    assertThat(push.statusCode()).isEqualTo(404);
    assertThat(push.asString()).contains("push-token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/verify",
        "/verify/orders",
        "/_verify",
        "/introspect",
        "/revoke",
        "/users/wx1/oX/sessions",
        "/wechat/wxa/msg_sec_check",
        "/wechat/cgi-bin/token",
        "/wechat",
        "/q/health/ready",
        "/q/metrics",
        "/logins",
        "/sessionx",
        "/pushx",
        "/"
      })
  default void otherPathsAreCheckedAndRoutedToTheBackend(String path) {
    assertThat(stage().client().request().get(path).statusCode()).isEqualTo(401);
    var token = stage().client().tokenFor(code());
    Echo.in(stage().client().bearing(token).get(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/session/../wechat/cgi-bin/token",
        "/session/%2e%2e/wechat/cgi-bin/token",
        "/session/../introspect",
        "/session/%2e%2e/introspect",
        "/session/..%2fintrospect",
        "/push/../introspect",
        "/push/%2e%2e/introspect",
        "/push/..%2fintrospect",
        "/push/x/../../introspect",
        "/wechat/../session",
        "/wechat/%2e%2e/session",
        "/wechat/wxa/../../session"
      })
  default void pathTraversalDoesNotReachMiniLogin(String path) throws IOException {
    var token = stage().client().tokenFor(code());
    var request = RawHttp.get(path, "Authorization: Bearer " + token);
    var answer = RawHttp.exchange(stage().client().traffic(), request);
    assertThat(answer.text()).doesNotContain("urn:mini-login:problem");
  }
}
