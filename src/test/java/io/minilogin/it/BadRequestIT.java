package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.SharedService.Shared;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service itself answers invalid requests. No framework shows its own error page. */
@ExtendWith(SharedService.class)
class BadRequestIT {
  private final Shared shared;
  private final Client client;

  BadRequestIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json, text/plain",
        "text/plain, application/json",
        "text/plain\r\nContent-Type: application/json",
        "text/plain;x=\"\", application/json;x=\"",
        ", ;charset=utf-8"
      })
  void bodyOfAnotherTypeIsRefused(String contentType) throws IOException {
    var code = code();
    var request = new String(RawHttp.login(code), UTF_8).replace("application/json", contentType);
    var answer = harmless(RawHttp.exchange(client.traffic(), request));
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.body()).contains("urn:mini-login:problem:unsupported-media-type");
    assertThat(shared.wechat().callsWith(code)).isZero();
  }

  /** Envoy-based gateways join two header lines. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json;charset=UTF-8",
        "application/json; charset=utf-8",
        "Application/JSON ;charset=\"utf-8\"",
        "application/json;",
        "application/json;charset",
        "application/json, application/json",
        "application/json,application/json,application/json",
        "application/json;charset=utf-8, application/json",
        "application/json;x=\"a, b\", APPLICATION/JSON",
        "application/json, ",
        "application/json\r\nContent-Type: application/json; charset=utf-8"
      })
  void allSpellingsOfTheJsonContentTypeAreAccepted(String contentType) throws IOException {
    var request = new String(RawHttp.login(code()), UTF_8).replace("application/json", contentType);
    var answer = RawHttp.exchange(client.traffic(), request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/login", "/session/open-data", "/session/phone-number"})
  void everyEndpointWithABodyAcceptsAJoinedContentType(String path) {
    client
        .bearing(client.tokenFor(code()))
        .header("Content-Type", "application/json, application/json")
        .body("{".getBytes(UTF_8))
        .post(path)
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/logins",
        "/login/x",
        "/session/x",
        "/q",
        "/q/dev",
        "/favicon.ico",
        "/a/b/c"
      })
  void unknownPathIsNotFound(String path) {
    harmless(client.request().get(path)).then().spec(problem("not-found", 404, "none"));
  }

  @Test
  void optionsOfAnUnknownPathIsNotFound() {
    client.request().options("/nope").then().spec(problem("not-found", 404, "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "application/xml", "image/png"})
  void unacceptableMediaTypeIsRefused(String accept) {
    var code = code();
    var answer =
        client
            .request()
            .accept(accept)
            .contentType("application/json")
            .body("{\"code\":\"" + code + "\"}")
            .post("/login");
    harmless(answer).then().spec(problem("not-acceptable", 406, "none"));
    assertThat(shared.wechat().callsWith(code)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%",
        "/%zz",
        "/session%",
        "/a|b",
        "/{x}",
        "/%c3%28",
        "/%00",
        "/..%2f..%2fetc",
        "/session;x"
      })
  void malformedPathIsAClientError(String path) throws IOException {
    var answer = harmless(RawHttp.exchange(client.traffic(), RawHttp.get(path)));
    assertThat(answer.status()).isIn(400, 401, 404);
    assertThat(answer.body()).startsWith("{\"type\":\"urn:mini-login:problem:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET /session HTTP/1.1\r\nno colon\r\nConnection: close\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\nConnection: close\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n"
            + "Connection: close\r\n\r\n0\r\n\r\n",
        "GET /session HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /session HTTP/2.0\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /session HTTP/9.9\r\nHost: x\r\n\r\n"
      })
  void malformedHttpIsAnInvalidRequest(String request) throws IOException {
    assertProblem(RawHttp.exchange(client.traffic(), request), 400, "invalid-request");
  }

  @Test
  void asteriskIsNotFound() throws IOException {
    var answer = RawHttp.exchange(client.traffic(), RawHttp.get("*"));
    assertProblem(answer, 404, "not-found");
  }

  @Test
  void headersOfMoreThan16KilobytesAreTooLarge() throws IOException {
    var request = RawHttp.get("/session", "X: " + "x".repeat(20_000));
    assertProblem(RawHttp.exchange(client.traffic(), request), 431, "headers-too-large");
  }

  @Test
  void requestLineOfMoreThan16KilobytesIsTooLong() throws IOException {
    var request = RawHttp.get("/" + "x".repeat(20_000));
    assertProblem(RawHttp.exchange(client.traffic(), request), 414, "uri-too-long");
  }

  @Test
  void tokenOfThreeKilobytesIsInvalid() {
    harmless(client.session("mlt_" + "A".repeat(3 * 1024))).then().spec(tokenInvalid());
  }

  @Test
  void tokenThatIsNotAsciiIsInvalid() throws IOException {
    var request = RawHttp.get("/session", "Authorization: Bearer \u00e9\u00ff\u0080");
    var answer = harmless(RawHttp.exchange(client.traffic(), request));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("urn:mini-login:problem:token-invalid");
  }

  @Test
  void twoAuthorizationHeadersAreRefused() {
    var bearer = "Bearer " + client.tokenFor(code());
    harmless(client.request().header("Authorization", bearer, bearer).get("/session"))
        .then()
        .spec(problem("invalid-request", 400, "none"));
    harmless(client.request().header("Authorization", bearer, "Basic dXNlcjpwYXNz").get("/session"))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  private static void assertProblem(RawHttp.Answer answer, int status, String name) {
    assertThat(harmless(answer).status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.text())
        .containsIgnoringCase("\r\nCache-Control: no-store\r\n")
        .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n");
    assertThat(answer.body()).startsWith("{\"type\":\"urn:mini-login:problem:" + name + "\"");
  }
}
