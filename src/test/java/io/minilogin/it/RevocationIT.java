package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client ends the session of a token (RFC 7009). */
@ExtendWith(SharedService.class)
class RevocationIT {
  private final Client client;
  private final GatewayClient gateway;

  RevocationIT(Shared shared) {
    this.client = shared.client();
    this.gateway = shared.gateway();
  }

  @Test
  void revokedTokenIsRefused() {
    var token = client.tokenFor(code());
    assertRevoked(gateway.revoke(token));
    client.bearing(token).get("/verify").then().spec(tokenInvalid());
    client.session(token).then().spec(tokenInvalid());
    client.logoutEverywhere(token).then().spec(tokenInvalid());
  }

  @Test
  void otherSessionsOfTheUserContinue() {
    var user = newUser();
    var phone = client.tokenFor(codeOf(user));
    var tablet = client.tokenFor(codeOf(user));
    assertRevoked(gateway.revoke(phone));
    client.session(tablet).then().statusCode(200);
  }

  @Test
  void revokedSessionDoesNotCountTowardsTheLimit() {
    var user = newUser();
    var tokens = IntStream.range(0, 10).mapToObj(i -> client.tokenFor(codeOf(user))).toList();
    assertRevoked(gateway.revoke(tokens.get(5)));
    client.tokenFor(codeOf(user));
    client.session(tokens.get(0)).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "x", "%00", "mlt_"})
  void unknownTokenCountsAsRevoked(String token) {
    assertRevoked(gateway.revoke(token));
  }

  @Test
  void acceptHeaderIsIgnored() {
    assertRevoked(
        gateway
            .request()
            .accept("text/html")
            .contentType("application/x-www-form-urlencoded")
            .body("token=x")
            .post("/revoke"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "token", "token=", "token=TOKEN&token=TOKEN", "token=TOKEN%"})
  void formWithoutExactlyOneTokenIsRefusedAndRevokesNothing(String form) {
    var token = client.tokenFor(code());
    harmless(gateway.post("/revoke", form.replace("TOKEN", token)))
        .then()
        .spec(problem("invalid-request", 400, "none"))
        .body("error", equalTo("invalid_request"));
    client.session(token).then().statusCode(200);
  }

  @Test
  void tokenInTheQueryIsNotRevoked() {
    var token = client.tokenFor(code());
    gateway.post("/revoke?token=" + token, "").then().statusCode(400);
    assertRevoked(gateway.post("/revoke?token=" + token, "token=x"));
    client.session(token).then().statusCode(200);
  }

  private static void assertRevoked(Response answer) {
    answer.then().statusCode(200).header("Cache-Control", "no-store").body(emptyString());
  }
}
