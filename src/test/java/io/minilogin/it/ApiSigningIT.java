package io.minilogin.it;

import static io.minilogin.it.BackendClient.assertProblem;
import static io.minilogin.it.BackendClient.sha256;
import static io.minilogin.it.BackendClient.text;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.SharedService.Shared.PAYMENT_KEY;
import static io.minilogin.it.SharedService.Shared.SANDBOX_KEY;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.Request;
import io.minilogin.it.SharedService.Instances;
import io.minilogin.it.SharedService.Shared;
import io.restassured.path.json.JsonPath;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service adds signatures to the calls of WeChat's API that need them. */
@ExtendWith(SharedService.class)
class ApiSigningIT {
  private static final int MEGABYTE = 1024 * 1024;
  private static final String STORAGE = "/wxa/set_user_storage";
  private static final String BALANCE = "/xpay/query_user_balance";

  private final Shared shared;
  private final WechatSimulator wechat;
  private final BackendClient backend;
  private final String user = newUser();
  private final String openid;

  /** A parameter of each call of this test. */
  private final String mark = "mark=" + UUID.randomUUID();

  ApiSigningIT(Shared shared) {
    this.shared = shared;
    wechat = shared.wechat();
    backend = BackendClient.of(shared.service());
    openid = wechat.openidOf(APP.appid(), user);
  }

  @ParameterizedTest
  @ValueSource(strings = {BALANCE, "/xpay/currency_pay", "/xpay/cancel_currency_pay"})
  void virtualPaymentOfAUserGetsBothSignatures(String path) {
    login();
    var body = "{\"openid\":\"" + openid + "\",\"env\":0}";
    post(path, body);
    assertThat(added(path)).isEqualTo(signature(body) + "&" + paySig(PAYMENT_KEY, path, body));
  }

  @ParameterizedTest
  @CsvSource({"/wxa/game/getbalance", "/wxa/game/pay", "/wxa/game/cancelpay", "/WXA/Game/Pay"})
  void gameCoinsOfAUserGetBothSignaturesAndTheMethod(String path) {
    login();
    var body = "{\"env\":1,\"openid\":\"" + openid + "\"}";
    post(path, body);
    assertThat(added(path))
        .isEqualTo(signatureAndMethod(body) + "&" + paySig(SANDBOX_KEY, path, body));
  }

  @ParameterizedTest
  @ValueSource(strings = {STORAGE, "/wxa/remove_user_storage", "/wxa/setuserinteractivedata"})
  void userDataGetTheSignatureAndTheMethod(String path) {
    login();
    post(path + "?openid=" + openid, "{\"kv_list\":[]}");
    assertThat(added(path))
        .isEqualTo("openid=%s&%s".formatted(openid, signatureAndMethod("{\"kv_list\":[]}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void emptyBodyIsSignedForTheEncryptionKeys(String method) {
    login();
    var path = "/wxa/business/getuserencryptkey";
    assertThat(send(path + "?openid=" + openid, method, BodyPublishers.noBody()).statusCode())
        .isEqualTo(200);
    assertThat(added(path)).isEqualTo("openid=%s&%s".formatted(openid, signatureAndMethod("")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/xpay/query_order", "/xpay/a/b", "/wxa/game/other"})
  void otherPaymentsGetOnlyThePaySig(String path) {
    var body = "{\"openid\":\"nobody\"}";
    post(path, body);
    assertThat(added(path)).isEqualTo(paySig(PAYMENT_KEY, path, body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"env\":2}", "{\"env\":0,\"env\":1}", "[]", "x", ""})
  void withoutAKeyForTheEnvThereIsNoPaySig(String body) {
    post("/xpay/query_order", body);
    assertThat(added("/xpay/query_order")).isEmpty();
  }

  @Test
  void withoutAPaymentKeyThereIsNoPaySig(Instances instances) {
    var app = Instances.unusedApp();
    instances.one(app).tokenFor(codeOf(user));
    var named = instances.wechat().openidOf(app.appid(), user);
    var body = "{\"openid\":\"" + named + "\"}";
    sendTo(instances, BALANCE + "?from_appid=" + app.appid(), body);
    var key = instances.wechat().sessionKeyOf(app.appid(), user);
    assertThat(added(instances.wechat(), BALANCE)).isEqualTo("signature=" + Hmac.of(key, body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ef\u00bb\u00bf{%s}", "{%s,\"a\":\"\u00c3\u00ff\"}", " \t{ %s }\r\n"})
  void bodyIsSignedAndSentByteForByte(String text) {
    login();
    var body = text.formatted("\"openid\":\"" + openid + "\"").getBytes(ISO_8859_1);
    var signature = "signature=" + Hmac.of(key(), body);
    for (var sent : List.of(BodyPublishers.ofByteArray(body), chunked(body))) {
      for (var method : List.of("POST", "GET")) {
        assertThat(send(BALANCE, method, sent).statusCode()).isEqualTo(200);
      }
    }
    assertThat(arrived(wechat, BALANCE))
        .hasSize(4)
        .allMatch(request -> request.sha256().equals(sha256(body)))
        .allMatch(request -> request.rawQuery().contains(signature));
  }

  @Test
  void bodyOfOneMegabyteIsSigned() {
    login();
    var body = BackendClient.random(MEGABYTE);
    send(STORAGE + "?openid=" + openid, "POST", BodyPublishers.ofByteArray(body));
    assertThat(added(STORAGE)).contains("signature=" + Hmac.of(key(), body));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bodyOverOneMegabyteIsNotSigned(boolean isChunked) {
    login();
    var body = new byte[MEGABYTE + 1];
    var sent = isChunked ? chunked(body) : BodyPublishers.ofByteArray(body);
    var answer = send(STORAGE + "?openid=" + openid, "POST", sent);
    assertProblem(answer, 413, "content-too-large", 45002);
    assertThat(JsonPath.from(text(answer)).getString("detail")).contains("signs");
    assertThat(arrived(wechat, STORAGE)).isEmpty();
  }

  @Test
  void bodyWithTheCallersSignatureMayBeLarger() {
    var body = BodyPublishers.ofByteArray(new byte[2 * MEGABYTE]);
    assertThat(send(STORAGE + "?signature=x&sig_method=y", "POST", body).statusCode())
        .isEqualTo(200);
    assertThat(added(STORAGE)).isEqualTo("signature=x&sig_method=y");
  }

  @Test
  void parametersOfTheCallerAreNotRepeated() {
    login();
    var body = "{\"openid\":\"" + openid + "\"}";
    var path = "/wxa/game/getbalance";
    var paySig = paySig(PAYMENT_KEY, path, body);
    post(path + "?signature=mine", body);
    post(path + "?pay_sig=mine", body);
    post(path + "?sig_method=mine", body);
    post(path + "?%73ignature=mine&pay%5Fsig=mine", body);
    assertThat(arrived(wechat, path))
        .map(this::added)
        .containsExactly(
            "signature=mine&" + paySig,
            "pay_sig=mine&" + signatureAndMethod(body),
            "sig_method=mine&" + signature(body) + "&" + paySig,
            "%73ignature=mine&pay%5Fsig=mine");
  }

  @Test
  void clientWithoutThePermissionSendsUnsignedCalls() {
    login();
    var target = STORAGE + "?openid=" + openid + "&" + mark;
    assertThat(backend.post(target, "{}").statusCode()).isEqualTo(200);
    assertThat(added(STORAGE)).isEqualTo("openid=" + openid);
  }

  @Test
  void otherCallsAreNotSigned() {
    login();
    var path = "/echo/" + UUID.randomUUID();
    post(path + "?openid=" + openid, "{\"openid\":\"" + openid + "\"}");
    assertThat(added(path)).isEqualTo("openid=" + openid);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        BALANCE + "?openid=o|{}",
        BALANCE + "|",
        BALANCE + "|x",
        BALANCE + "|{\"openid\":1}",
        BALANCE + "|{\"openid\":\"\"}",
        BALANCE + "|{\"openid\":\"a\",\"openid\":\"a\"}",
        BALANCE + "|{\"a\":{\"openid\":\"a\"}}",
        "/wxa/game/pay?openid=o|{}",
        STORAGE + "|{\"openid\":\"o\"}",
        STORAGE + "?openid|{}",
        STORAGE + "?openid=a&openid=b|{}",
        "/wxa/business/getuserencryptkey|",
      })
  void callWithoutAUserIsRefused(String target, String body) {
    assertProblem(post(target, body == null ? "" : body), 400, "invalid-request", 41009);
  }

  @ParameterizedTest
  @CsvSource({
    BALANCE + ",268490009",
    "/wxa/game/pay,90016",
    STORAGE + ",87009",
    "/wxa/business/getuserencryptkey,87009"
  })
  void callOfAUserWithoutSessionKeyIsRefused(String path, int errcode) {
    var answer = post(path + "?openid=" + openid, "{\"openid\":\"" + openid + "\"}");
    assertThat(answer.statusCode()).isEqualTo(409);
    var problem = JsonPath.from(text(answer));
    assertThat(problem.getString("type")).isEqualTo("urn:mini-login:problem:session-key-stale");
    assertThat(problem.getInt("errcode")).isEqualTo(errcode);
    assertThat(problem.getString("errmsg")).isNotBlank();
    assertThat(problem.getString("action")).isEqualTo("login");
    assertThat(arrived(wechat, path)).isEmpty();
  }

  @Test
  void emptyBodyOfOtherCallsIsNotSigned() {
    login();
    assertProblem(post(STORAGE + "?openid=" + openid, ""), 400, "invalid-request", 44002);
    assertThat(arrived(wechat, STORAGE)).isEmpty();
  }

  @Test
  void retriedCallHasTheSameSignatureAndBody(Instances instances) {
    var app = Instances.unusedApp();
    instances.one(app).tokenFor(codeOf(user));
    var target =
        STORAGE
            + "?openid=%s&from_appid=%s"
                .formatted(instances.wechat().openidOf(app.appid(), user), app.appid());
    sendTo(instances, target, "{\"a\":1}");
    instances.wechat().expireAccessToken(app.appid());
    sendTo(instances, target, "{\"a\":1}");
    var requests = arrived(instances.wechat(), STORAGE);
    assertThat(requests).hasSize(3);
    assertThat(requests).extracting(this::added).containsOnly(added(requests.get(0)));
    assertThat(requests).extracting(Request::body).containsOnly("{\"a\":1}");
    assertThat(requests.get(1).rawQuery()).isNotEqualTo(requests.get(2).rawQuery());
  }

  @Test
  void signingIsLoggedWithoutDataAndUser() {
    login();
    post("/WXA/set_user_STORAGE?openid=" + openid, "{\"a\":\"" + user + "\"}");
    await()
        .untilAsserted(
            () ->
                assertThat(shared.service().lines())
                    .anyMatch(
                        line ->
                            line.contains("\"message\":\"A client has had data signed\"")
                                && line.contains("\"purpose\":\"" + STORAGE + "\"")
                                && line.contains("\"signatures\":\"signature\"")));
    assertThat(shared.service().lines())
        .noneMatch(line -> line.contains(user) || line.contains(openid));
  }

  private void login() {
    shared.client().tokenFor(codeOf(user));
  }

  private String key() {
    return wechat.sessionKeyOf(APP.appid(), user);
  }

  private String signature(String body) {
    return "signature=" + Hmac.of(key(), body);
  }

  private String signatureAndMethod(String body) {
    return signature(body) + "&sig_method=hmac_sha256";
  }

  private static String paySig(String key, String path, String body) {
    return "pay_sig=" + Hmac.of(key, path + "&" + body);
  }

  private HttpResponse<byte[]> post(String target, String body) {
    return send(target, "POST", BodyPublishers.ofString(body));
  }

  private HttpResponse<byte[]> send(String target, String method, BodyPublisher body) {
    return send(backend, target, method, body);
  }

  private void sendTo(Instances instances, String target, String body) {
    var answer =
        send(BackendClient.of(instances.one()), target, "POST", BodyPublishers.ofString(body));
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
  }

  private HttpResponse<byte[]> send(
      BackendClient to, String target, String method, BodyPublisher body) {
    return BackendClient.send(
        to.anonymousTo(target + (target.contains("?") ? "&" : "?") + mark)
            .header(
                "Authorization",
                GatewayClient.basic(GatewayClient.SIGNING_ID, GatewayClient.SECRET))
            .method(method, body));
  }

  private static BodyPublisher chunked(byte[] body) {
    return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
  }

  private String added(String path) {
    return added(wechat, path);
  }

  private String added(WechatSimulator simulator, String path) {
    assertThat(arrived(simulator, path)).hasSize(1);
    return added(arrived(simulator, path).get(0));
  }

  /** Returns the query without the access token and the mark. */
  private String added(Request request) {
    return request
        .rawQuery()
        .replaceFirst("^access_token=[^&]*&", "")
        .replaceFirst("(^|&)" + mark, "")
        .replaceFirst("^&", "");
  }

  private List<Request> arrived(WechatSimulator simulator, String path) {
    return simulator.requests(path).stream()
        .filter(request -> request.rawQuery().contains(mark))
        .toList();
  }
}
