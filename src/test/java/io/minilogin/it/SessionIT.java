package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.minilogin.it.SharedService.Shared;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token identifies a user of an app until its session ends. */
@ExtendWith(SharedService.class)
class SessionIT {
  private static final int SEVEN_DAYS = 604_800;

  private final Shared shared;
  private final Client client;

  SessionIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @Test
  void sessionShowsItsUserAndLifetime() {
    var user = newUser();
    var before = (int) Instant.now().getEpochSecond();
    var token = client.tokenFor(codeOf(user));
    var after = (int) Instant.now().getEpochSecond();
    client
        .session(token)
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(5))
        .body("appid", equalTo(APP.appid()))
        .body("openid", equalTo(shared.wechat().openidOf(APP.appid(), user)))
        .body("unionid", equalTo(shared.wechat().unionidOf(user)))
        .body("created_at", allOf(greaterThanOrEqualTo(before), lessThanOrEqualTo(after)))
        .body("expires_in", allOf(greaterThan(SEVEN_DAYS - 60), lessThanOrEqualTo(SEVEN_DAYS)));
  }

  @Test
  void unionidIsAbsentIfUnknown() {
    var token = client.tokenFor(code("no-unionid"));
    client.session(token).then().statusCode(200).body("$", aMapWithSize(4));
  }

  @Test
  void unknownTokenIsInvalid() {
    client.session("mlt_" + "A".repeat(43)).then().spec(tokenInvalid());
  }

  @Test
  void tokenWithOneCharacterChangedIsInvalid() {
    var token = client.tokenFor(code());
    var last = token.charAt(20) == 'A' ? 'B' : 'A';
    client.session(token.substring(0, 20) + last + token.substring(21)).then().spec(tokenInvalid());
    client.session(token + "A").then().spec(tokenInvalid());
    client.session(token).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /session", "DELETE /session", "DELETE /sessions"})
  void missingTokenIsRefusedWithAChallengeWithoutErrorCode(String call) {
    var methodAndPath = call.split(" ", -1);
    client
        .request()
        .request(methodAndPath[0], methodAndPath[1])
        .then()
        .spec(problem("token-missing", 401, "login"))
        .header("WWW-Authenticate", "Bearer realm=\"mini-login\"");
  }

  @Test
  void tokenIsReadFromTheAuthorizationHeaderOnly() {
    var token = client.tokenFor(code());
    client
        .request()
        .queryParam("access_token", token)
        .cookie("access_token", token)
        .header("X-Access-Token", token)
        .get("/session")
        .then()
        .spec(problem("token-missing", 401, "login"));
  }

  @Test
  void logoutEndsOnlyThisSession() {
    var user = newUser();
    var phone = client.tokenFor(codeOf(user));
    var tablet = client.tokenFor(codeOf(user));
    client
        .logout(phone)
        .then()
        .statusCode(204)
        .header("Cache-Control", "no-store")
        .body(emptyString());
    client.session(phone).then().spec(tokenInvalid());
    client.logout(phone).then().spec(tokenInvalid());
    client.session(tablet).then().statusCode(200);
  }

  @Test
  void logoutEverywhereEndsOnlyTheSessionsOfTheUser() {
    var user = newUser();
    var tokens = IntStream.range(0, 4).mapToObj(i -> client.tokenFor(codeOf(user))).toList();
    var somebodyElse = client.tokenFor(code());
    client.logoutEverywhere(tokens.get(1)).then().statusCode(204).body(emptyString());
    tokens.forEach(token -> client.session(token).then().spec(tokenInvalid()));
    client.session(somebodyElse).then().statusCode(200);
  }

  @Test
  void userMayLogInAgainAfterLogoutEverywhere() {
    var user = newUser();
    client.logoutEverywhere(client.tokenFor(codeOf(user))).then().statusCode(204);
    client.session(client.tokenFor(codeOf(user))).then().statusCode(200);
  }

  @Test
  void eleventhLoginEndsOnlyTheOldestSession() {
    var user = newUser();
    var tokens = IntStream.range(0, 11).mapToObj(i -> client.tokenFor(codeOf(user))).toList();
    client.session(tokens.get(0)).then().spec(tokenInvalid());
    assertThat(tokens.subList(1, 11))
        .allSatisfy(token -> client.session(token).then().statusCode(200));
  }
}
