package io.minilogin.it;

import static io.minilogin.it.BackendClient.assertProblem;
import static io.minilogin.it.BackendClient.errcode;
import static io.minilogin.it.BackendClient.send;
import static io.minilogin.it.BackendClient.text;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Instances;
import io.restassured.path.json.JsonPath;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stand-in tokens, which SDKs request and use like access tokens. */
@ExtendWith(SharedService.class)
class StandInTokenIT {
  private final Instances instances;
  private final WechatSimulator wechat;
  private final BackendClient backend;
  private final BackendClient two;
  private final String path = "/echo/" + UUID.randomUUID();

  StandInTokenIT(Instances instances) {
    this.instances = instances;
    wechat = instances.wechat();
    backend = BackendClient.of(instances.one());
    two = BackendClient.of(instances.two());
  }

  @Test
  void tokenEndpointIssuesAStandInToken() {
    var credentials = "appid=" + APP.appid() + "&secret=" + BackendClient.ID + ":";
    for (var secret : List.of(BackendClient.SECRET, "5ecre7-of-the%2Borders%2521")) {
      var reply =
          send(
              backend.anonymousTo(
                  "/cgi-bin/token?grant_type=client_credential&" + credentials + secret));
      assertIsToken(reply);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stableTokenEndpointIssuesStandInTokensWithoutCallingWechat(boolean isForced) {
    var before = tokensOfWechat();
    var first = assertIsToken(stableToken(APP.appid(), secret(), isForced));
    var second = assertIsToken(stableToken(APP.appid(), secret(), isForced));
    assertThat(second).isNotEqualTo(first);
    assertThat(tokensOfWechat()).isEqualTo(before);
    assertThat(errcode(calling(backend, first))).as("both tokens are valid").isZero();
    assertThat(errcode(calling(backend, second))).isZero();
  }

  @Test
  void standInTokenIsNotForwardedToWechat() {
    var token = backend.standIn(BackendClient.ID, APP.appid());
    calling(backend, token);
    assertThat(wechat.requests(path))
        .singleElement()
        .satisfies(it -> assertThat(it.rawQuery()).doesNotContain("mla_"));
  }

  @Test
  void standInTokenIsLimitedToItsApp() {
    var token = backend.standIn(BackendClient.ID, OTHER_APP.appid());
    assertThat(errcode(calling(backend, token))).isZero();
    assertThat(wechat.requests(path).get(0).query().get("access_token"))
        .containsExactly(wechat.accessTokenOf(OTHER_APP.appid()));
    assertProblem(
        send(backend.anonymousTo(path + "?access_token=" + token + "&from_appid=" + APP.appid())),
        403,
        "client-forbidden",
        85107);
  }

  @Test
  void standInTokenHasThePermissionsOfItsClient() {
    var token = backend.standIn(BackendClient.NARROW_ID, APP.appid());
    assertProblem(calling(backend, token), 403, "client-forbidden", 85107);
    assertThat(
            send(backend
                    .anonymousTo("/wxa/msg_sec_check?access_token=" + token)
                    .POST(BodyPublishers.ofString("{}")))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void standInTokenIsNotAcceptedElsewhere() {
    var token = backend.standIn(BackendClient.ID, APP.appid());
    var client = instances.one().client();
    client.session(token).then().statusCode(401);
    client.verify(token).then().statusCode(401);
    client
        .request()
        .header("Authorization", "Bearer " + token)
        .get("/wechat" + path)
        .then()
        .statusCode(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mla_", "mla_AAAA", "mla_%%%", "theirs", ""})
  void invalidStandInTokenIsRefusedLikeAnAccessToken(String token) {
    assertRefused(calling(backend, token));
  }

  @Test
  void tamperedStandInTokenIsRefused() {
    var token = backend.standIn(BackendClient.ID, APP.appid());
    for (int i = "mla_".length(); i < token.length(); i += 7) {
      var other = token.charAt(i) == 'A' ? 'B' : 'A';
      assertRefused(calling(backend, token.substring(0, i) + other + token.substring(i + 1)));
    }
  }

  @Test
  void standInTokenEndsWithTheSecretOfItsClient() {
    var renewed = backend.standIn(BackendClient.RENEWED_ID, APP.appid());
    assertThat(errcode(calling(two, renewed))).as("token while both secrets are valid").isZero();
    assertRefused(calling(two, backend.standIn(BackendClient.REPLACED_ID, APP.appid())));
    assertThat(errcode(calling(two, backend.standIn(BackendClient.NARROW_ID, APP.appid()))))
        .as("token of a client that kept its secret")
        .isEqualTo(85107);
  }

  @ParameterizedTest
  @CsvSource({
    "orders:wrong-secret-of-16,wx1111111111111111,401,client-unauthorized,40125",
    "nobody,wx1111111111111111,401,client-unauthorized,40125",
    "orders:5ecre7-of-the+orders%21,wx9,400,unknown-app,40013",
    "'',wx1111111111111111,400,invalid-request,41004",
    "orders:5ecre7-of-the+orders%21,'',400,invalid-request,41002",
    "narrow:5ecre7-of-the+orders%21,wx2222222222222222,403,client-forbidden,85107",
  })
  void refusedTokenRequestNamesTheReason(
      String secret, String appid, int status, String name, int errcode) {
    assertProblem(stableToken(appid, secret, false), status, name, errcode);
  }

  @Test
  void malformedTokenRequestIsRefused() {
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/token?appid=wx1&secret=a:b")),
        400,
        "invalid-request",
        40002);
    assertProblem(
        send(
            backend.anonymousTo(
                "/cgi-bin/token?grant_type=client_credential&appid=wx1&appid=wx2&secret=a:b")),
        400,
        "invalid-request",
        41002);
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/stable_token").POST(BodyPublishers.ofString("{"))),
        400,
        "invalid-request",
        47001);
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/stable_token").POST(BodyPublishers.ofString("null"))),
        400,
        "invalid-request",
        40002);
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/stable_token")), 405, "method-not-allowed", 43002);
    assertProblem(
        send(backend.anonymousTo("/cgi-bin/token").POST(BodyPublishers.noBody())),
        405,
        "method-not-allowed",
        43001);
  }

  @Test
  void logContainsNoStandInToken() {
    var token = backend.standIn(BackendClient.ID, APP.appid());
    calling(backend, token);
    assertThat(instances.one().lines())
        .noneMatch(line -> line.contains("mla_") || line.contains(BackendClient.SECRET));
  }

  private long tokensOfWechat() {
    return wechat.requests("/cgi-bin/stable_token").stream()
        .filter(call -> call.body().contains(APP.appid()))
        .count();
  }

  private static String secret() {
    return BackendClient.ID + ":" + BackendClient.SECRET;
  }

  private HttpResponse<byte[]> calling(BackendClient service, String token) {
    return send(service.anonymousTo(path + "?access_token=" + token.replace("%", "%25")));
  }

  private HttpResponse<byte[]> stableToken(String appid, String secret, boolean isForced) {
    var body =
        "{\"grant_type\":\"client_credential\",\"appid\":\"%s\",\"secret\":\"%s\",\"force_refresh\":%b}"
            .formatted(appid, secret, isForced);
    return send(backend.anonymousTo("/cgi-bin/stable_token").POST(BodyPublishers.ofString(body)));
  }

  private static String assertIsToken(HttpResponse<byte[]> reply) {
    assertThat(reply.statusCode()).as(text(reply)).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type")).contains("application/json");
    var json = JsonPath.from(text(reply));
    assertThat(json.getInt("expires_in")).isEqualTo(7200);
    assertThat(json.getString("access_token")).startsWith("mla_").hasSizeLessThan(512);
    return json.getString("access_token");
  }

  private static void assertRefused(HttpResponse<byte[]> reply) {
    assertThat(reply.statusCode()).as(text(reply)).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(errcode(reply)).isEqualTo(40001);
  }
}
