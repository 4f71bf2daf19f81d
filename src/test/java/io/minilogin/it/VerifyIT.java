package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.SharedService.Shared;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.ResponseSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway learns who is behind a request, from its Authorization header alone. */
@ExtendWith(SharedService.class)
class VerifyIT {
  private final Shared shared;
  private final Client client;

  VerifyIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @Test
  void aGoodTokenTellsWhoItIs() {
    var user = newUser();
    var token = client.tokenFor(codeOf(user));
    isAccepted(client.verify(token))
        .header("X-WX-OPENID", shared.wechat().openidOf(APP.appid(), user))
        .header("X-WX-APPID", APP.appid())
        .header("X-WX-UNIONID", shared.wechat().unionidOf(user))
        .header("X-WX-SOURCE", "wx_client");
  }

  @Test
  void anUnknownUnionidIsAnEmptyHeader() {
    isAccepted(client.verify(client.tokenFor(code("no-unionid")))).header("X-WX-UNIONID", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW"})
  void anyMethodIsAccepted(String method) {
    var token = client.tokenFor(code());
    isAccepted(client.bearing(token).request(method, "/verify"));
    client.request().request(method, "/verify").then().spec(tokenMissing());
  }

  @Test
  void aHeadHasTheHeadersOfAGet() {
    var token = client.tokenFor(code());
    client.bearing(token).head("/verify").then().statusCode(200).header("X-WX-APPID", APP.appid());
    client.request().head("/verify").then().statusCode(401);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/verify/",
        "/verify/api/orders/7",
        "/verify//",
        "/verify/../session",
        "/verify/%2e%2e/login",
        "/verify/%zz",
        "/verify/a|b?c={d}",
        "/verify/a;b=c",
        "/verify/verify?x=/y",
        "/verify?access_token=none"
      })
  void anyPathBelowIsAccepted(String path) throws IOException {
    var token = client.tokenFor(code());
    assertThat(raw(path, "Authorization: Bearer " + token).status()).isEqualTo(200);
    assertThat(raw(path).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/verifyx", "/Verify", "/x/verify", "//verify"})
  void otherPathsAreNotFound(String path) throws IOException {
    assertThat(raw(path, "Authorization: Bearer " + client.tokenFor(code())).status())
        .isEqualTo(404);
  }

  @Test
  void withoutATokenItSaysHowToSendOne() {
    client.request().get("/verify").then().spec(tokenMissing());
    client
        .request()
        .header("Authorization", "Basic YTpi")
        .get("/verify")
        .then()
        .spec(tokenMissing());
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "mlt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "null"})
  void anUnknownTokenIsInvalid(String token) {
    client.verify(token).then().spec(tokenInvalid());
  }

  @Test
  void aSessionThatEndedIsInvalid() {
    var user = newUser();
    var here = client.tokenFor(codeOf(user));
    var there = client.tokenFor(codeOf(user));
    client.logout(here).then().statusCode(204);
    client.verify(here).then().spec(tokenInvalid());
    client.logoutEverywhere(there).then().statusCode(204);
    client.verify(there).then().spec(tokenInvalid());
  }

  @Test
  void twoTokensAreRefusedNotGuessed() throws IOException {
    var authorization = "Authorization: Bearer " + client.tokenFor(code());
    assertThat(raw("/verify", authorization, authorization).text())
        .startsWith("HTTP/1.1 400 ")
        .contains("urn:mini-login:problem:invalid-request");
    assertThat(raw("/verify", authorization + ", Bearer x").status()).isEqualTo(400);
    assertThat(raw("/verify", authorization + " x").status()).isEqualTo(400);
  }

  @Test
  void nothingElseInTheRequestMatters() throws IOException {
    var token = client.tokenFor(code());
    var headers =
        new String[] {
          "Authorization: Bearer " + token,
          "X-Forwarded-Method: DELETE",
          "X-Forwarded-Uri: /admin",
          "X-Original-URL: /login",
          "X-HTTP-Method-Override: PUT",
          "X-WX-OPENID: somebody-else",
          "User-Agent: kube-probe/1.20",
          "Accept: text/html",
          "Content-Type: nonsense"
        };
    var answer = raw("/verify", headers);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).doesNotContain("somebody-else");
    headers[0] = "X-Token: " + token;
    assertThat(raw("/verify", headers).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade: websocket", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__"})
  void aConnectionIsNeverTurnedIntoAnother(String upgrade) throws IOException {
    var token = client.tokenFor(code());
    var head = "GET /verify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token;
    var request =
        head
            + "\r\nConnection: Upgrade, HTTP2-Settings\r\n"
            + upgrade
            + "\r\n\r\n"
            + head
            + "\r\nConnection: close\r\n\r\n";
    var answers = RawHttp.exchange(client.traffic(), request).text().split("(?=HTTP/1.1 )");
    assertThat(answers).hasSize(2).allSatisfy(answer -> assertThat(answer).contains(" 200 OK"));
  }

  /** Without "Connection: close" of the caller's: the service itself must end the connection. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5",
        "Content-Length: 10000000",
        "Transfer-Encoding: chunked",
        "Content-Length: 5\r\nExpect: 100-continue"
      })
  void aBodyThatIsAnnouncedAndNeverSentIsNotWaitedFor(String announcement) throws IOException {
    var watch = Stopwatch.start();
    var request = post(client.tokenFor(code()), announcement);
    var answer = RawHttp.exchange(client.traffic(), request);
    assertThat(answer.text().replace("HTTP/1.1 100 Continue\r\n\r\n", ""))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("connection: close");
    assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aBodyThatIsSentDoesNotDisturbTheAnswer() throws IOException {
    var body = "x".repeat(1_000_000);
    var request = post(client.tokenFor(code()), "Content-Length: " + body.length()) + body;
    var answer = RawHttp.exchange(client.traffic(), request);
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void checksAreCountedByOutcome() {
    var accepted = count("success");
    var refused = count("token-missing");
    client.verify(client.tokenFor(code())).then().statusCode(200);
    client.request().get("/verify").then().statusCode(401);
    assertThat(count("success")).isGreaterThan(accepted);
    assertThat(count("token-missing")).isGreaterThan(refused);
  }

  private RawHttp.Answer raw(String path, String... headers) throws IOException {
    return RawHttp.exchange(client.traffic(), RawHttp.get(path, headers));
  }

  private static String post(String token, String announcement) {
    return "POST /verify HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + token
        + "\r\n"
        + announcement
        + "\r\n\r\n";
  }

  private static ValidatableResponse isAccepted(Response answer) {
    return answer
        .then()
        .statusCode(200)
        .header("Content-Length", "0")
        .header("Cache-Control", "no-store")
        .body(emptyString());
  }

  private static ResponseSpecification tokenMissing() {
    return problem("token-missing", 401, "login")
        .header("WWW-Authenticate", equalTo("Bearer realm=\"mini-login\""));
  }

  private double count(String outcome) {
    return Pattern.compile(
            "mini_login_requests_seconds_count\\{operation=\"verify\",outcome=\""
                + outcome
                + "\"} (\\S+)")
        .matcher(client.metrics())
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .sum();
  }
}
