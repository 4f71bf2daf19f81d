package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client lists the sessions of a user without any token and can end them all. */
@ExtendWith(SharedService.class)
class UserSessionsIT {
  private final Client client;
  private final GatewayClient gateway;
  private final String user = newUser();
  private final String openid;

  UserSessionsIT(Shared shared) {
    this.client = shared.client();
    this.gateway = shared.gateway();
    this.openid = shared.wechat().openidOf(APP.appid(), user);
  }

  @Test
  void sessionIsListedWithItsTimes() {
    var before = Instant.now();
    client.tokenFor(codeOf(user));
    var answer = gateway.sessions(APP.appid(), openid);
    answer
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .header("Content-Type", "application/json;charset=UTF-8");
    assertThat(sessions(answer))
        .singleElement()
        .satisfies(
            session -> {
              assertThat(session).containsOnlyKeys("id", "created_at", "last_used");
              assertThat((Integer) session.get("created_at"))
                  .isBetween((int) before.getEpochSecond(), (int) Instant.now().getEpochSecond());
              // The date may have changed since then.
              assertThat(LocalDate.parse((String) session.get("last_used")))
                  .isBetween(
                      LocalDate.ofInstant(before, ZoneOffset.UTC), LocalDate.now(ZoneOffset.UTC));
            });
  }

  @Test
  void newestSessionIsListedFirst() {
    var first = onlyNewId(List.of());
    var second = onlyNewId(List.of(first));
    var third = onlyNewId(List.of(first, second));
    assertThat(ids()).containsExactly(third, second, first);
  }

  @Test
  void sessionIdIsNotATokenAndDoesNotChange() {
    var token = client.tokenFor(codeOf(user));
    var id = ids().get(0);
    assertThat(gateway.sessions(APP.appid(), openid).asString())
        .doesNotContain(token.substring(4))
        .doesNotContain(openid);
    client.session(id).then().spec(tokenInvalid());
    client.session("mlt_" + id).then().spec(tokenInvalid());
    assertThat(ids()).containsExactly(id);
  }

  @Test
  void endedSessionsAreNotListed() {
    var loggedOut = client.tokenFor(codeOf(user));
    var revoked = client.tokenFor(codeOf(user));
    client.tokenFor(codeOf(user));
    client.logout(loggedOut);
    gateway.revoke(revoked);
    assertThat(ids()).hasSize(1);
  }

  @Test
  void allSessionsOfAUserAreEnded() {
    var tokens = IntStream.range(0, 3).mapToObj(i -> client.tokenFor(codeOf(user))).toList();
    var somebodyElse = client.tokenFor(code());
    assertEnded(gateway.endSessions(APP.appid(), openid));
    tokens.forEach(token -> client.session(token).then().spec(tokenInvalid()));
    tokens.forEach(token -> client.bearing(token).get("/verify").then().spec(tokenInvalid()));
    assertThat(ids()).isEmpty();
    client.session(somebodyElse).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "-", "%E5%B0%8F%E6%98%8E", "a%2Fb", "a%20b", "a+b", "a;b"})
  void unknownUserHasNoSessions(String stranger) {
    gateway
        .sessions(APP.appid(), stranger)
        .then()
        .statusCode(200)
        .body("sessions", equalTo(List.of()));
    assertEnded(gateway.endSessions(APP.appid(), stranger));
  }

  @Test
  void openidMayBePercentEncoded() {
    client.tokenFor(codeOf(user));
    var encoded = new StringBuilder();
    openid.chars().forEach(c -> encoded.append("%%%02X".formatted(c)));
    assertThat(sessions(gateway.sessions(APP.appid(), encoded.toString()))).hasSize(1);
    assertThat(sessions(gateway.sessions(APP.appid(), URLEncoder.encode(openid, UTF_8))))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wx2222222222222222", "wx", "%20", "WX1111111111111111"})
  void unconfiguredAppIsUnknown(String appid) {
    harmless(gateway.sessions(appid, openid)).then().spec(problem("unknown-app", 400, "none"));
    harmless(gateway.endSessions(appid, openid)).then().spec(problem("unknown-app", 400, "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%00", "a%0Ab", "%7F", "%C2%85", "a%c3%28", "%ED%A0%80", "%E2%80%8B"})
  void openidWithInvalidCharactersIsRefused(String strange) {
    harmless(gateway.sessions(APP.appid(), strange))
        .then()
        .spec(problem("invalid-request", 400, "none"));
    harmless(gateway.endSessions(APP.appid(), strange))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @Test
  void openidOfMoreThan128CharactersIsRefused() {
    gateway.sessions(APP.appid(), "o".repeat(128)).then().statusCode(200);
    harmless(gateway.sessions(APP.appid(), "o".repeat(129)))
        .then()
        .spec(problem("invalid-request", 400, "none"));
    harmless(gateway.endSessions(APP.appid(), "o".repeat(129)))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/users",
        "/users/",
        "/users/wx1/o1",
        "/users/wx1/sessions",
        "/users/a/b/c/sessions"
      })
  void anotherPathIsNotFound(String path) {
    harmless(gateway.request().get(path)).then().spec(problem("not-found", 404, "none"));
  }

  /** Logs in and returns the ID of the new session. */
  private String onlyNewId(List<String> known) {
    client.tokenFor(codeOf(user));
    var ids = ids().stream().filter(id -> !known.contains(id)).toList();
    assertThat(ids).hasSize(1);
    return ids.get(0);
  }

  private List<String> ids() {
    return sessions(gateway.sessions(APP.appid(), openid)).stream()
        .map(session -> (String) session.get("id"))
        .toList();
  }

  private static List<Map<String, Object>> sessions(Response answer) {
    return answer.then().statusCode(200).extract().jsonPath().getList("sessions");
  }

  private static void assertEnded(Response answer) {
    answer.then().statusCode(204).header("Cache-Control", "no-store").body(emptyString());
  }
}
