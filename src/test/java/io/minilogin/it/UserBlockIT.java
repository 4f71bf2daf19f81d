package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.minilogin.it.SharedService.Shared;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client blocks a user: the user is logged out and cannot log in until the block ends. */
@ExtendWith(SharedService.class)
class UserBlockIT {
  private static final String REASON = "refund fraud 刷单";

  private final Shared shared;
  private final Client client;
  private final GatewayClient gateway;
  private final String user = newUser();
  private final String openid;

  UserBlockIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
    this.gateway = shared.gateway();
    this.openid = shared.wechat().openidOf(APP.appid(), user);
  }

  @Test
  void blockedUserIsLoggedOutAndCannotLogIn() {
    var tokens = List.of(client.tokenFor(codeOf(user)), client.tokenFor(codeOf(user)));
    var before = Instant.now().getEpochSecond();
    assertDone(block("{\"seconds\":3600,\"reason\":\"" + REASON + "\"}"));
    tokens.forEach(token -> client.session(token).then().spec(tokenInvalid()));
    var refused = client.login(codeOf(user));
    refused.then().spec(problem("user-blocked", 403, "none")).body("errcode", nullValue());
    assertThat(refused.<Integer>path("until")).isBetween((int) before + 3600, (int) before + 3660);
    assertThat(refused.asString()).doesNotContain(REASON);
    gateway.sessions(APP.appid(), openid).then().body("sessions", equalTo(List.of()));
    assertThat(client.metrics())
        .contains(
            "mini_login_sessions_ended_total{reason=\"blocked\"}", "outcome=\"user-blocked\"");
  }

  @Test
  void blockIsReturnedToClients() {
    var before = (int) Instant.now().getEpochSecond();
    block("{\"seconds\":3600,\"reason\":\"" + REASON + "\"}");
    var found = found();
    found
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .header("Content-Type", "application/json;charset=UTF-8")
        .body("reason", equalTo(REASON));
    assertThat(found.<Integer>path("since")).isBetween(before, before + 60);
    assertThat(found.<Integer>path("until") - found.<Integer>path("since")).isEqualTo(3600);
  }

  @Test
  void blockWithoutEndHasNoUntil() throws IOException {
    var call =
        "PUT %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
            .formatted(
                GatewayClient.blockPath(APP.appid(), openid),
                GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET));
    // Like curl -X PUT.
    assertThat(RawHttp.exchange(client.traffic(), call).status()).isEqualTo(204);
    assertThat(found().<Map<String, Object>>path("$")).containsOnlyKeys("since");
    client
        .login(codeOf(user))
        .then()
        .spec(problem("user-blocked", 403, "none"))
        .body("until", nullValue());
  }

  @Test
  void liftedBlockLetsTheUserLogIn() {
    block("");
    assertDone(gateway.unblock(APP.appid(), openid));
    found().then().spec(problem("not-found", 404, "none"));
    client.login(codeOf(user)).then().statusCode(200);
    assertDone(gateway.unblock(APP.appid(), openid));
  }

  @Test
  void repeatedBlockReplacesTheFirst() {
    block("{\"seconds\":3600,\"reason\":\"first\"}");
    assertDone(block("{}"));
    assertThat(found().<Map<String, Object>>path("$")).containsOnlyKeys("since");
  }

  @Test
  void repeatOfARefusedCodeIsNotExchangedAgain() {
    block("{\"seconds\":3600}");
    var code = codeOf(user);
    var first = client.login(code).<Integer>path("until");
    client
        .login(code)
        .then()
        .spec(problem("user-blocked", 403, "none"))
        .body("until", equalTo(first));
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"seconds\":0}",
        "{\"seconds\":315360001}",
        "{\"seconds\":\"60\"}",
        "{\"seconds\":60.0}",
        "{\"reason\":1}",
        "{\"second\":60}",
        "{\"seconds\":60,\"seconds\":60}",
        "{\"seconds\":60} x",
        "null",
        "[]",
        "{"
      })
  void otherBodiesAreRefused(String body) {
    harmless(block(body)).then().spec(problem("invalid-request", 400, "none"));
    found().then().spec(problem("not-found", 404, "none"));
  }

  @Test
  void reasonOfMoreThan200CharactersIsRefused() {
    var longest = "刷".repeat(200);
    assertDone(block("{\"reason\":\"" + longest + "\"}"));
    found().then().body("reason", equalTo(longest));
    harmless(block("{\"reason\":\"" + longest + "x\"}"))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @Test
  void bodyOfAnotherMediaTypeIsRefused() {
    for (var type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      gateway
          .request()
          .contentType(type)
          .body("{}")
          .put(GatewayClient.blockPath(APP.appid(), openid))
          .then()
          .spec(problem("unsupported-media-type", 415, "none"));
    }
    found().then().spec(problem("not-found", 404, "none"));
  }

  @Test
  void unknownAppsAndInvalidOpenidsAreRefused() {
    harmless(gateway.block("wx2222222222222222", openid, ""))
        .then()
        .spec(problem("unknown-app", 400, "none"));
    harmless(gateway.block(APP.appid(), "a%0Ab", ""))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @Test
  void blockingAndLiftingAreLoggedWithoutTheReason() {
    client.tokenFor(codeOf(user));
    block("{\"seconds\":3600,\"reason\":\"" + REASON + "\"}");
    gateway.unblock(APP.appid(), openid);
    var path = GatewayClient.blockPath(APP.appid(), openid);
    gateway.request().header("X-Request-Id", user).put(path);
    gateway.request().header("X-Request-Id", user).delete(path);
    await()
        .untilAsserted(
            () ->
                assertThat(shared.service().lines())
                    .filteredOn(line -> line.contains(user))
                    .extracting(JsonPath::from)
                    .filteredOn(line -> user.equals(line.getString("mdc.request_id")))
                    .extracting(line -> line.getString("message"))
                    .containsExactly(
                        "A client has blocked a user", "A client has lifted the block of a user"));
    assertThat(shared.service().lines())
        .noneMatch(line -> line.contains(openid) || line.contains("refund fraud"));
  }

  private Response block(String body) {
    return gateway.block(APP.appid(), openid, body);
  }

  private Response found() {
    return gateway.findBlock(APP.appid(), openid);
  }

  private static void assertDone(Response answer) {
    answer.then().statusCode(204).header("Cache-Control", "no-store").body(emptyString());
  }
}
