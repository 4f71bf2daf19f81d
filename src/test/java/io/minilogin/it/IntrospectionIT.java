package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client learns the user of an active token (RFC 7662), and nothing about an inactive token. */
@ExtendWith(SharedService.class)
class IntrospectionIT {
  private static final int SEVEN_DAYS = 604_800;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Shared shared;
  private final Client client;
  private final GatewayClient gateway;

  IntrospectionIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
    this.gateway = shared.gateway();
  }

  @Test
  void activeTokenShowsUserAppAndTimes() {
    var user = newUser();
    var before = (int) Instant.now().getEpochSecond();
    var token = client.tokenFor(codeOf(user));
    var after = (int) Instant.now().getEpochSecond();
    gateway
        .introspect(token)
        .then()
        .statusCode(200)
        .header("Content-Type", containsString("application/json"))
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(7))
        .body("active", equalTo(true))
        .body("sub", equalTo(shared.wechat().openidOf(APP.appid(), user)))
        .body("client_id", equalTo(APP.appid()))
        .body("token_type", equalTo("Bearer"))
        .body("unionid", equalTo(shared.wechat().unionidOf(user)))
        .body("iat", allOf(greaterThanOrEqualTo(before), lessThanOrEqualTo(after)))
        .body(
            "exp",
            allOf(
                greaterThanOrEqualTo(before + SEVEN_DAYS), lessThanOrEqualTo(after + SEVEN_DAYS)));
  }

  @Test
  void unionidIsAbsentIfUnknown() {
    gateway
        .introspect(client.tokenFor(code("no-unionid")))
        .then()
        .statusCode(200)
        .body("$", aMapWithSize(6))
        .body("active", equalTo(true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "x",
        "null",
        "%20",
        "%00",
        "mlt_",
        "Bearer%20mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ",
        "%F0%9F%98%80"
      })
  void unknownTokenIsInactive(String token) {
    assertInactive(gateway.introspect(token));
  }

  @Test
  void longForeignTokenIsInactiveWithAndWithoutContentLength() throws Exception {
    var form = "token=" + "A".repeat(12_000);
    assertInactive(gateway.post("/introspect", form));
    // A body without a length is chunked.
    var stream = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(form.getBytes(UTF_8)));
    var answer = post(FORM, stream);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"active\":false}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=TOKEN&token_type_hint=access_token",
        "token_type_hint=refresh_token&token=TOKEN",
        "token=TOKEN&token_type_hint=",
        "token=TOKEN&token_type_hint=nonsense&whatever=else"
      })
  void tokenTypeHintIsIgnored(String form) {
    var token = client.tokenFor(code());
    gateway
        .post("/introspect", form.replace("TOKEN", token))
        .then()
        .statusCode(200)
        .body("active", equalTo(true));
  }

  @Test
  void tokenIsReadFromTheFormOnly() {
    var token = client.tokenFor(code());
    gateway
        .request()
        .queryParam("token", token)
        .header("X-Token", token)
        .contentType(FORM)
        .post("/introspect")
        .then()
        .spec(problem("invalid-request", 400, "none"));
    var unknown = "token=mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    assertInactive(gateway.post("/introspect?token=" + token, unknown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", "nonsense"})
  void bodyOfAnotherTypeIsRefused(String contentType) {
    var token = client.tokenFor(code());
    for (var path : new String[] {"/introspect", "/revoke"}) {
      harmless(
              gateway
                  .request()
                  .header("Content-Type", contentType)
                  .body(("token=" + token).getBytes(UTF_8))
                  .post(path))
          .then()
          .spec(problem("unsupported-media-type", 415, "none"))
          .body("detail", equalTo("The body must be " + FORM + "."));
    }
    client.session(token).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FORM + ";charset=UTF-8",
        FORM + "; charset=nonsense",
        FORM + ", " + FORM,
        FORM + "; charset=utf-8," + FORM,
        "Application/X-WWW-Form-URLEncoded;"
      })
  void allSpellingsOfTheFormContentTypeAreAccepted(String contentType) throws Exception {
    var form = BodyPublishers.ofString("token=" + client.tokenFor(code()));
    assertThat(post(contentType, form).body()).startsWith("{\"active\":true,");
  }

  @Test
  void unacceptableMediaTypeIsRefused() {
    harmless(
            gateway
                .request()
                .accept("application/token-introspection+jwt")
                .contentType(FORM)
                .body("token=x")
                .post("/introspect"))
        .then()
        .spec(problem("not-acceptable", 406, "none"));
  }

  /** Does not use REST-assured, which changes the content type of forms. */
  private HttpResponse<String> post(String contentType, BodyPublisher form) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(client.traffic() + "/introspect"))
            .header("Content-Type", contentType)
            .header("Authorization", GatewayClient.basic(GatewayClient.ID, GatewayClient.SECRET))
            .POST(form)
            .build();
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static void assertInactive(Response answer) {
    answer.then().statusCode(200).header("Cache-Control", "no-store");
    assertThat(answer.asString()).isEqualTo("{\"active\":false}");
  }
}
