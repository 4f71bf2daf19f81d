package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Harmless.harmless;
import static io.minilogin.it.Problems.clientUnauthorized;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.SharedService.Shared.PAYMENT_KEY;
import static io.minilogin.it.SharedService.Shared.SANDBOX_KEY;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Instances;
import io.minilogin.it.SharedService.Shared;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend has data signed with a user's session key, and never gets the key. */
@ExtendWith(SharedService.class)
class SignatureIT {
  private static final int SIXTEEN_KB = 16 * 1024;
  private static final String DATA =
      "{\"openid\": \"xxx\", \"user_ip\": \"127.0.0.1\", \"env\": 0}";

  private final Shared shared;
  private final WechatSimulator wechat;
  private final Client client;
  private final GatewayClient shop;
  private final String user = newUser();
  private final String openid;

  SignatureIT(Shared shared) {
    this.shared = shared;
    wechat = shared.wechat();
    client = shared.client();
    shop = new GatewayClient(client, GatewayClient.SIGNING_ID);
    openid = wechat.openidOf(APP.appid(), user);
  }

  /** WeChat's own examples. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "9hAb/NEYUlkaMBEsmFgzig==|{\"openid\": \"xxx\", \"user_ip\": \"127.0.0.1\", \"env\":"
            + " 0}|089d9e8dc5d308977360c4b79ec600a93d736802802a807d634192328032f6c7",
        "o0q0otL8aEzpcZL/FT9WsQ==|{\"foo\":\"bar\"}"
            + "|654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"
      })
  void sessionKeySignsData(String sessionKey, String data, String signature) {
    wechat.setSessionKey(APP.appid(), user, sessionKey);
    client.tokenFor(codeOf(user, "keep-key"));
    shop.sign(APP.appid(), openid, Map.of("data", data))
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(1))
        .body("signature", equalTo(signature));
  }

  @Test
  void paymentKeySignsUriAndData() {
    client.tokenFor(codeOf(user));
    shop.sign(APP.appid(), openid, Map.of("data", DATA, "uri", "/xpay/query_user_balance"))
        .then()
        .statusCode(200)
        .body("$", aMapWithSize(2))
        .body("signature", equalTo(Hmac.of(wechat.sessionKeyOf(APP.appid(), user), DATA)))
        .body(
            "pay_sig", equalTo("c37809f27c6d7fd1837ad2500a04512b66b34fd793a39a385fade56dca89a4b5"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{\"env\":0}|" + PAYMENT_KEY,
        "{\"a\":{\"env\":1}}|" + PAYMENT_KEY,
        "{\"env\":1}|" + SANDBOX_KEY,
        " {\"\\u0065nv\" : 1 } |" + SANDBOX_KEY,
      })
  void envChoosesThePaymentKey(String data, String key) {
    client.tokenFor(codeOf(user));
    shop.sign(APP.appid(), openid, Map.of("data", data, "uri", "requestVirtualPayment"))
        .then()
        .statusCode(200)
        .body("pay_sig", equalTo(Hmac.of(key, "requestVirtualPayment&" + data)));
  }

  @Test
  void keyOfTheLastLoginSignsOnEveryInstance(Instances instances) {
    var simulator = instances.wechat();
    var named = simulator.openidOf(APP.appid(), user);
    for (int i = 0; i < 3; i++) {
      instances.one(APP).tokenFor(codeOf(user));
      new GatewayClient(instances.two(APP), GatewayClient.SIGNING_ID)
          .sign(APP.appid(), named, Map.of("data", "x"))
          .then()
          .statusCode(200)
          .body("signature", equalTo(Hmac.of(simulator.sessionKeyOf(APP.appid(), user), "x")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"data\":null}",
        "{\"data\":\"\"}",
        "{\"data\":\"\",\"uri\":\"requestVirtualPayment\"}",
        "{\"data\":1}",
        "{\"data\":{}}",
        "{\"data\":\"a\",\"data\":\"b\"}",
        "{\"data\":\"a\",\"url\":\"requestVirtualPayment\"}",
        "{\"data\":\"\\ud800\"}",
        "{\"data\":\"a\\udc00b\"}",
        "{\"data\":\"{}\",\"uri\":\"\"}",
        "{\"data\":\"{}\",\"uri\":\"requestPayment\"}",
        "{\"data\":\"{}\",\"uri\":\"requestvirtualpayment\"}",
        "{\"data\":\"{}\",\"uri\":\"/xpay/\"}",
        "{\"data\":\"{}\",\"uri\":\"/xpay/a?b=c\"}",
        "{\"data\":\"{}\",\"uri\":\"/xpay/a&b\"}",
        "{\"data\":\"{}\",\"uri\":\"/xpay/../wxa/checksession\"}",
        "{\"data\":\"{}\",\"uri\":\"/wxa/resetusersessionkey\"}",
        "{\"data\":\"x\",\"uri\":\"/xpay/a\"}",
        "{\"data\":\"[]\",\"uri\":\"/xpay/a\"}",
        "{\"data\":\"{} {}\",\"uri\":\"/xpay/a\"}",
        "{\"data\":\"{\\\"env\\\":2}\",\"uri\":\"/wxa/game/pay\"}",
        "{\"data\":\"{\\\"env\\\":\\\"0\\\"}\",\"uri\":\"/wxa/game/pay\"}",
        "{\"data\":\"{\\\"env\\\":null}\",\"uri\":\"/wxa/game/pay\"}",
        "{\"data\":\"{\\\"env\\\":0,\\\"env\\\":0}\",\"uri\":\"/wxa/game/pay\"}",
        "{\"data\":\"{\\\"env\\\":0,\\\"\\\\u0065nv\\\":1}\",\"uri\":\"/wxa/game/pay\"}",
      })
  void invalidRequestIsRefused(String body) {
    client.tokenFor(codeOf(user));
    harmless(shop.sign(APP.appid(), openid, body))
        .then()
        .spec(problem("invalid-request", 400, "none"));
  }

  @Test
  void paymentKeyMustBeConfigured(Instances instances) {
    instances.one(OTHER_APP).tokenFor(codeOf(user));
    new GatewayClient(instances.one(OTHER_APP), GatewayClient.SIGNING_ID)
        .sign(
            OTHER_APP.appid(),
            instances.wechat().openidOf(OTHER_APP.appid(), user),
            Map.of("data", "{}", "uri", "requestVirtualPayment"))
        .then()
        .spec(problem("invalid-request", 400, "none"))
        .body("detail", containsString("not configured"));
  }

  /** JSON escapes make the request six times as large as the data. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dataOf16KilobytesAreSigned(boolean isChunked) throws Exception {
    client.tokenFor(codeOf(user));
    var body = ("{\"data\":\"" + "\\u0061".repeat(SIXTEEN_KB) + "\"}").getBytes(UTF_8);
    var answer = post(isChunked ? chunked(body) : BodyPublishers.ofByteArray(body), shopAsBasic());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(JsonPath.from(answer.body()).getString("signature"))
        .isEqualTo(Hmac.of(wechat.sessionKeyOf(APP.appid(), user), "a".repeat(SIXTEEN_KB)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u4e2d", "\ud83d\ude00"})
  void dataOver16KilobytesAreRefused(String character) {
    client.tokenFor(codeOf(user));
    var length = character.getBytes(UTF_8).length;
    var longest = character.repeat(SIXTEEN_KB / length);
    shop.sign(APP.appid(), openid, Map.of("data", longest)).then().statusCode(200);
    harmless(shop.sign(APP.appid(), openid, Map.of("data", longest + character)))
        .then()
        .spec(problem("invalid-request", 400, "none"))
        .body("detail", containsString("\"data\""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyClientsMaySendLargeBodies(boolean isChunked) throws Exception {
    var body = "{\"data\":\"" + "x".repeat(2 * SIXTEEN_KB) + "\"}";
    var bytes = body.getBytes(UTF_8);
    var sent = isChunked ? chunked(bytes) : BodyPublishers.ofByteArray(bytes);
    var answer = post(sent, GatewayClient.basic(GatewayClient.SIGNING_ID, "wrong"));
    assertThat(answer.statusCode()).isEqualTo(isChunked ? 413 : 401);
    assertThat(answer.headers().firstValue("Connection")).contains("close");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bodyOver128KilobytesIsRefused(boolean isChunked) throws Exception {
    var body = new byte[8 * SIXTEEN_KB + 1];
    var sent = isChunked ? chunked(body) : BodyPublishers.ofByteArray(body);
    assertThat(post(sent, shopAsBasic()).statusCode()).isEqualTo(413);
  }

  @Test
  void userWithoutSessionKeyMustLogIn() {
    shop.sign(APP.appid(), openid, Map.of("data", "x"))
        .then()
        .spec(problem("session-key-stale", 409, "login"));
  }

  @Test
  void clientNeedsThePermission() {
    client.tokenFor(codeOf(user));
    new GatewayClient(client)
        .sign(APP.appid(), openid, Map.of("data", "x"))
        .then()
        .spec(problem("client-forbidden", 403, "none"));
    client
        .request()
        .contentType("application/json")
        .body("{\"data\":\"x\"}")
        .post("/users/" + APP.appid() + "/" + openid + "/signature")
        .then()
        .spec(clientUnauthorized());
  }

  @Test
  void userOfAnUnknownAppIsRefused() {
    shop.sign("wx2222222222222222", openid, Map.of("data", "x"))
        .then()
        .spec(problem("unknown-app", 400, "none"));
  }

  @Test
  void signingIsLoggedAndCountedWithoutDataAndUser() {
    client.tokenFor(codeOf(user));
    var data = "{\"attach\":\"" + user + "\"}";
    var answer = shop.sign(APP.appid(), openid, Map.of("data", data, "uri", "/xpay/of-" + user));
    answer.then().statusCode(200);
    await()
        .untilAsserted(
            () ->
                assertThat(shared.service().lines())
                    .anyMatch(
                        line ->
                            line.contains("\"message\":\"A client has had data signed\"")
                                && line.contains("\"client\":\"shop\"")
                                && line.contains("\"app\":\"" + APP.appid() + "\"")
                                && line.contains("\"purpose\":\"/xpay/*\"")
                                && line.contains("\"signatures\":\"signature pay_sig\"")));
    assertThat(client.metrics())
        .containsPattern(
            "mini_login_signatures_total\\{app=\"%s\",client=\"shop\",outcome=\"success\"\\}"
                .formatted(APP.appid()));
    assertThat(shared.service().lines())
        .noneMatch(line -> line.contains(user) || line.contains(openid));
  }

  private HttpResponse<String> post(BodyPublisher body, String authorization)
      throws IOException, InterruptedException {
    var path = "/users/" + APP.appid() + "/" + openid + "/signature";
    var request =
        HttpRequest.newBuilder(URI.create(client.traffic() + path))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .POST(body)
            .build();
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request, BodyHandlers.ofString());
  }

  private static BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  private static String shopAsBasic() {
    return GatewayClient.basic(GatewayClient.SIGNING_ID, GatewayClient.SECRET);
  }
}
