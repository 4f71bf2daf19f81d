package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.GatewayClient.ID;
import static io.minilogin.it.GatewayClient.SECRET;
import static io.minilogin.it.GatewayClient.basic;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.clientUnauthorized;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Only configured clients may use the endpoints about tokens of other people, within their
 * permissions.
 */
@ExtendWith(SharedService.class)
class ClientAuthenticationIT {

  /** The operations of clients on the session of a user. */
  private enum Call {
    INTROSPECT,
    REVOKE,
    LIST,
    END,
    BLOCK,
    FIND_BLOCK,
    UNBLOCK;

    private Response send(RequestSpecification request, String token, String openid) {
      var path = GatewayClient.path(APP.appid(), openid);
      var block = GatewayClient.blockPath(APP.appid(), openid);
      return switch (this) {
        case INTROSPECT -> form(request, token).post("/introspect");
        case REVOKE -> form(request, token).post("/revoke");
        case LIST -> request.get(path);
        case END -> request.delete(path);
        case BLOCK -> request.put(block);
        case FIND_BLOCK -> request.get(block);
        case UNBLOCK -> request.delete(block);
      };
    }

    private static RequestSpecification form(RequestSpecification request, String token) {
      return request.contentType("application/x-www-form-urlencoded").body("token=" + token);
    }
  }

  private final Client client;
  private final String token;
  private final String openid;

  ClientAuthenticationIT(Shared shared) {
    this.client = shared.client();
    var user = newUser();
    this.token = client.tokenFor(codeOf(user));
    this.openid = shared.wechat().openidOf(APP.appid(), user);
  }

  static Stream<String> wrongCredentials() {
    return Stream.of(
        basic(ID, "wrong"),
        basic(ID, ""),
        basic(ID, SECRET + "x"),
        basic(ID, SECRET.substring(1)),
        basic("somebody-else", SECRET),
        basic("", SECRET),
        basic("", ""),
        basic(ID + ":", SECRET),
        basic(ID, SECRET) + "=",
        basic(ID, SECRET) + ", " + basic(ID, SECRET),
        basic(ID, SECRET).replace("Basic ", "Basic"),
        basic(ID, SECRET).replace("Basic ", "Bearer "),
        basic(ID, SECRET).replace("Basic ", ""),
        "Basic",
        "Basic %%%",
        "Basic " + ID + ":" + SECRET,
        "Digest username=" + ID,
        "");
  }

  @ParameterizedTest
  @MethodSource("wrongCredentials")
  void unknownCredentialsAreRefused(String header) {
    for (var call : Call.values()) {
      harmless(call.send(client.request().header("Authorization", header), token, openid))
          .then()
          .spec(clientUnauthorized());
    }
    assertNothingHappened();
  }

  @Test
  void repeatedCredentialsAreRefusedEvenIfEqual() {
    var right = basic(ID, SECRET);
    for (var call : Call.values()) {
      call.send(client.request().header("Authorization", right, right), token, openid)
          .then()
          .spec(problem("invalid-request", 400, "none"));
    }
    assertNothingHappened();
  }

  @Test
  void userTokenDoesNotAuthenticateAClient() {
    for (var call : Call.values()) {
      call.send(client.bearing(token), token, openid).then().spec(clientUnauthorized());
    }
    assertNothingHappened();
  }

  @Test
  void clientMayOnlyDoWhatItsSettingLists() {
    var header = basic(GatewayClient.INTROSPECTING_ID, SECRET);
    for (var call : Call.values()) {
      var answer = call.send(client.request().header("Authorization", header), token, openid);
      if (call == Call.INTROSPECT) {
        answer.then().statusCode(200).body("active", equalTo(true));
      } else {
        answer.then().spec(problem("client-forbidden", 403, "none"));
      }
    }
    assertNothingHappened();
  }

  @Nested
  class CredentialsInTheForm {
    private static final String RIGHT = "&client_id=ID&client_secret=SECRET";

    @ParameterizedTest
    @ValueSource(
        strings = {
          RIGHT,
          "&client_secret=SECRET&client_id=ID",
          "&client%5Fid=ID&client_secret=SECRET&token_type_hint=x"
        })
    void formCredentialsAreAccepted(String credentials) {
      post("/introspect", client.request(), credentials).statusCode(200).body("active", is(true));
      post("/revoke", client.request(), credentials).statusCode(200);
      client.session(token).then().statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {RIGHT, "&client_id=ID", "&client_id=&client_secret=", ""})
    void formCredentialsMayRepeatTheClientOfTheHeader(String credentials) {
      post("/introspect", basicRequest(ID, SECRET), credentials)
          .statusCode(200)
          .body("active", is(true));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "&client_id=backend&client_secret=SECRET",
          "&client_id=backend",
          "&client_id=ID&client_id=ID&client_secret=SECRET",
          "&client_id=ID&client_secret=SECRET&client_secret=SECRET",
          "&client_id=ID&client_secret=SECRET&client_secret=",
          "&client_secret=SECRET",
          "&client_id=ID&client_secret=%"
        })
    void repeatedIncompleteOrConflictingFormCredentialsAreMalformed(String credentials) {
      for (var path : FORMS) {
        post(path, basicRequest(ID, SECRET), credentials)
            .spec(problem("invalid-request", 400, "none"))
            .body("error", equalTo("invalid_request"));
      }
      assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "&client_id=ID&client_secret=wrong",
          "&client_id=ID&client_secret=SECRETx",
          "&client_id=nobody&client_secret=SECRET"
        })
    void wrongFormCredentialsAreRefusedWithAndWithoutHeader(String credentials) {
      for (var path : FORMS) {
        post(path, client.request(), credentials).spec(clientUnauthorized());
        post(path, basicRequest(ID, SECRET), credentials).spec(clientUnauthorized());
      }
      assertNothingHappened();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&client_id=ID", "&client_id=ID&client_secret="})
    void formCredentialsWithoutSecretAreRefused(String credentials) {
      for (var path : FORMS) {
        post(path, client.request(), credentials).spec(clientUnauthorized());
      }
      assertNothingHappened();
    }

    @Test
    void formCredentialsDoNotReplaceAWrongHeader() {
      for (var path : FORMS) {
        post(path, basicRequest(ID, "wrong"), RIGHT).spec(clientUnauthorized());
        post(path, client.bearing(token), RIGHT).spec(clientUnauthorized());
      }
      assertNothingHappened();
    }

    @Test
    void credentialsInTheQueryOrOnOtherPathsAreIgnored() {
      for (var path : FORMS) {
        post(path + "?x=1" + filled(RIGHT), client.request(), "").spec(clientUnauthorized());
      }
      client
          .request()
          .contentType("application/x-www-form-urlencoded")
          .body(filled(RIGHT))
          .delete(GatewayClient.path(APP.appid(), openid))
          .then()
          .spec(clientUnauthorized());
      assertNothingHappened();
    }

    @Test
    void formCredentialsGrantOnlyThePermissionsOfTheClient() {
      var credentials = "&client_id=" + GatewayClient.INTROSPECTING_ID + "&client_secret=SECRET";
      post("/introspect", client.request(), credentials).statusCode(200).body("active", is(true));
      post("/revoke", client.request(), credentials)
          .spec(problem("client-forbidden", 403, "none"))
          .body("error", equalTo("unauthorized_client"));
      assertNothingHappened();
    }

    private static final List<String> FORMS = List.of("/introspect", "/revoke");

    private RequestSpecification basicRequest(String id, String secret) {
      return client.request().header("Authorization", basic(id, secret));
    }

    private ValidatableResponse post(
        String path, RequestSpecification request, String credentials) {
      return request
          .contentType("application/x-www-form-urlencoded")
          .body("token=" + token + filled(credentials))
          .post(path)
          .then();
    }

    private static String filled(String credentials) {
      return credentials.replace("SECRET", URLEncoder.encode(SECRET, UTF_8)).replace("ID", ID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /session", "DELETE /session", "DELETE /sessions", "GET /verify"})
  void clientCredentialsAreNotAUserToken(String call) {
    var methodAndPath = call.split(" ", -1);
    client
        .request()
        .header("Authorization", basic(ID, SECRET))
        .request(methodAndPath[0], methodAndPath[1])
        .then()
        .spec(problem("token-missing", 401, "login"))
        .header("WWW-Authenticate", "Bearer realm=\"mini-login\"");
  }

  private void assertNothingHappened() {
    client.session(token).then().statusCode(200);
  }
}
