package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.GAME;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.names;
import static io.minilogin.dev.WechatCaller.target;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.WechatSimulator.App;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedSessionKeyCallsTest {
  private static final String CHECK = "/wxa/checksession";
  private static final String RESET = "/wxa/resetusersessionkey";

  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);

  @Test
  void validSessionKeyPassesTheCheck() throws Exception {
    var response = ask(CHECK, SHOP, caller.login(SHOP, "alice.1"));
    assertThat(response.body()).isEqualTo("{\"errcode\":0,\"errmsg\":\"ok\"}");
    assertThat(contentType(response)).isEqualTo("application/json");
  }

  @Test
  void replacedSessionKeyFailsTheCheck() throws Exception {
    var first = caller.login(SHOP, "alice.1");
    var second = caller.login(SHOP, "alice.2");
    assertThat(errcode(ask(CHECK, SHOP, first))).isEqualTo(87009);
    assertThat(errcode(ask(CHECK, SHOP, second))).isZero();
  }

  @Test
  void resetReplacesTheSessionKey() throws Exception {
    var first = caller.login(SHOP, "alice.1");
    var response = ask(RESET, SHOP, first);
    var reply = json(response);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(names(reply))
        .containsExactlyInAnyOrder("errcode", "errmsg", "openid", "session_key");
    assertThat(errcode(reply)).isZero();
    assertThat(reply.get("openid").textValue()).isEqualTo(openid(SHOP));
    var second = reply.get("session_key").textValue();
    assertThat(Base64.getDecoder().decode(second)).hasSize(16);
    assertThat(second).isNotEqualTo(first).isEqualTo(wechat.sessionKeyOf(SHOP.appid(), "alice"));
    assertThat(errcode(ask(CHECK, SHOP, first))).isEqualTo(87009);
    assertThat(errcode(ask(CHECK, SHOP, second))).isZero();
  }

  @Test
  void resetWithAWrongSignatureDoesNotChangeTheSessionKey() throws Exception {
    var key = caller.login(SHOP, "alice.1");
    assertThat(errcode(ask(RESET, SHOP, "AAAAAAAAAAAAAAAAAAAAAA=="))).isEqualTo(87009);
    assertThat(wechat.sessionKeyOf(SHOP.appid(), "alice")).isEqualTo(key);
  }

  @Test
  void sessionKeyBelongsToTheAppOfTheAccessToken() throws Exception {
    var shops = caller.login(SHOP, "alice.1");
    var games = caller.login(GAME, "alice.2");
    assertThat(errcode(ask(CHECK, GAME, games))).isZero();
    assertThat(errcode(ask(CHECK, GAME, shops))).isEqualTo(87009);
    assertThat(errcode(ask(CHECK, GAME, openid(SHOP), sign(shops)))).isEqualTo(40003);
  }

  @ParameterizedTest
  @ValueSource(strings = {CHECK, RESET})
  void signatureIsLowerCaseHexKeyedByTheTextOfTheKey(String path) throws Exception {
    var key = caller.login(SHOP, "alice.1");
    var upperCase = sign(key).toUpperCase(Locale.ROOT);
    var underTheBytes = sign(Base64.getDecoder().decode(key));
    assertThat(errcode(ask(path, SHOP, openid(SHOP), upperCase))).isEqualTo(87009);
    assertThat(errcode(ask(path, SHOP, openid(SHOP), underTheBytes))).isEqualTo(87009);
    assertThat(errcode(ask(path, SHOP, openid(SHOP), sign(key)))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {CHECK, RESET})
  void userWithoutALoginIsUnknown(String path) throws Exception {
    assertThat(errcode(ask(path, SHOP, "AAAAAAAAAAAAAAAAAAAAAA=="))).isEqualTo(40003);
  }

  @ParameterizedTest
  @ValueSource(strings = {CHECK, RESET})
  void missingOrWrongParameterIsRejected(String path) throws Exception {
    var signature = sign(caller.login(SHOP, "alice.1"));
    var target = target(path, "access_token", caller.accessToken(SHOP));
    var openid = "&openid=" + openid(SHOP);
    assertThat(errcode(caller.get(target + openid + "&signature=" + signature))).isEqualTo(40097);
    var good = "&sig_method=hmac_sha256";
    var other = "&sig_method=hmac_sha1";
    assertThat(errcode(caller.get(target + openid + good))).isEqualTo(40097);
    assertThat(errcode(caller.get(target + "&signature=" + signature + good))).isEqualTo(40097);
    assertThat(errcode(caller.get(target + openid + "&signature=" + signature + other)))
        .isEqualTo(40097);
  }

  @ParameterizedTest
  @ValueSource(strings = {CHECK, RESET})
  void postIsRejected(String path) throws Exception {
    assertThat(errcode(caller.post(path, ""))).isEqualTo(43001);
  }

  private HttpResponse<String> ask(String path, App app, String sessionKey) throws Exception {
    return ask(path, app, openid(app), sign(sessionKey));
  }

  private HttpResponse<String> ask(String path, App app, String openid, String signature)
      throws Exception {
    return caller.get(
        target(
            path,
            "access_token",
            caller.accessToken(app),
            "openid",
            openid,
            "signature",
            signature,
            "sig_method",
            "hmac_sha256"));
  }

  private String openid(App app) {
    return wechat.openidOf(app.appid(), "alice");
  }

  private static String sign(String sessionKey) throws Exception {
    return sign(sessionKey.getBytes(UTF_8));
  }

  private static String sign(byte[] key) throws Exception {
    var hmac = Mac.getInstance("HmacSHA256");
    hmac.init(new SecretKeySpec(key, "HmacSHA256"));
    return HexFormat.of().formatHex(hmac.doFinal());
  }
}
