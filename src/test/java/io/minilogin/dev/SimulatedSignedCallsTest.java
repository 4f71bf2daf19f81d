package io.minilogin.dev;

import static io.minilogin.dev.SimulatedSignatures.sign;
import static io.minilogin.dev.WechatCaller.GAME;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.target;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are signed with the session key, the payment key, or both. */
class SimulatedSignedCallsTest {
  private static final String BALANCE = "/xpay/query_user_balance";
  private static final String GAME_BALANCE = "/wxa/game/getbalance";
  private static final String STORAGE = "/wxa/set_user_storage";
  private static final String ENCRYPT_KEY = "/wxa/business/getuserencryptkey";
  private static final String HMAC = "hmac_sha256";

  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);
  private final String openid = wechat.openidOf(SHOP.appid(), "alice");

  /** The vectors are those of WeChat's documentation. */
  @Test
  void signaturesAreThoseOfTheDocumentation() {
    var body = "{\"openid\": \"xxx\", \"user_ip\": \"127.0.0.1\", \"env\": 0}";
    assertThat(sign("12345", BALANCE + "&" + body))
        .isEqualTo("c37809f27c6d7fd1837ad2500a04512b66b34fd793a39a385fade56dca89a4b5");
    assertThat(sign("9hAb/NEYUlkaMBEsmFgzig==", body))
        .isEqualTo("089d9e8dc5d308977360c4b79ec600a93d736802802a807d634192328032f6c7");
    assertThat(sign("o0q0otL8aEzpcZL/FT9WsQ==", "{\"foo\":\"bar\"}"))
        .isEqualTo("654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b");
  }

  @Nested
  class VirtualPayment {
    @Test
    void coinsAreSpentAndPaidBack() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      assertThat(coins(key)).isEqualTo(1000);
      var pay = pay("order-1", 300);
      assertThat(xpay("/xpay/currency_pay", pay, key).get("balance").longValue()).isEqualTo(700);
      assertThat(errcode(xpay("/xpay/currency_pay", pay, key))).isEqualTo(268490004);
      assertThat(errcode(xpay("/xpay/currency_pay", pay("order-2", 701), key)))
          .isEqualTo(268490006);
      assertThat(coins(key)).isEqualTo(700);
      assertThat(sandboxCoins(key)).isEqualTo(1000);
      var back =
          """
          {"openid":"%s","env":0,"pay_order_id":"order-1","order_id":"back-1","amount":100}\
          """
              .formatted(openid);
      assertThat(errcode(xpay("/xpay/cancel_currency_pay", back, key))).isZero();
      assertThat(coins(key)).isEqualTo(800);
      var unknown = back.replace("order-1", "order-9").replace("back-1", "back-2");
      assertThat(errcode(xpay("/xpay/cancel_currency_pay", unknown, key))).isEqualTo(268490002);
    }

    @Test
    void wrongUserSignatureIsRejected() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      var body = user(0);
      var paySig = paySig(BALANCE, body);
      assertThat(errcode(xpay(BALANCE, body, paySig, sign(key, body)))).isZero();
      assertThat(errcode(xpay(BALANCE, body, paySig, upper(sign(key, body))))).isEqualTo(268490003);
      assertThat(errcode(xpay(BALANCE, body, paySig, sign(key, body + " ")))).isEqualTo(268490003);
      assertThat(errcode(xpay(BALANCE, body, paySig, ""))).isEqualTo(268490003);
    }

    @Test
    void wrongPaymentSignatureIsRejected() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      var body = user(0);
      var signature = sign(key, body);
      var sandbox = sign(SHOP.keys().sandboxPayment(), BALANCE + "&" + body);
      for (var paySig : new String[] {sandbox, upper(paySig(BALANCE, body)), "", signature}) {
        assertThat(errcode(xpay(BALANCE, body, paySig, signature))).isEqualTo(268490003);
      }
    }

    @Test
    void sandboxHasItsOwnKey() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      var body = user(1);
      assertThat(errcode(xpay(BALANCE, body, paySig(BALANCE, body), sign(key, body))))
          .isEqualTo(268490003);
      assertThat(sandboxCoins(key)).isEqualTo(1000);
    }

    @Test
    void signatureWithAReplacedSessionKeyHasItsOwnErrcode() throws Exception {
      var stale = caller.login(SHOP, "alice.1");
      var key = caller.login(SHOP, "alice.2");
      var body = user(0);
      assertThat(errcode(xpay(BALANCE, body, stale))).isEqualTo(268490009);
      assertThat(errcode(xpay(BALANCE, body, key))).isZero();
    }

    @Test
    void missingUnknownAndKeylessUsersAreRejected() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      assertThat(errcode(xpay(BALANCE, "{\"env\":0}", key))).isEqualTo(268490002);
      assertThat(errcode(xpay(BALANCE, user(0).replace(openid, "oNobody"), key)))
          .isEqualTo(268490001);
      var bob = wechat.openidOf(SHOP.appid(), "bob");
      assertThat(errcode(xpay(BALANCE, user(0).replace(openid, bob), key))).isEqualTo(268490009);
      assertThat(errcode(xpay(BALANCE, "[]", key))).isEqualTo(47001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/xpay/query_order", "/xpay/refund_order"})
    void otherCallsNeedThePaymentSignatureOnly(String path) throws Exception {
      var body = "{\"env\":0,\"order_id\":\"unknown1\"}";
      assertThat(errcode(xpay(path, body, "wrong", ""))).isEqualTo(268490003);
      assertThat(errcode(xpay(path, body, paySig(path, body), ""))).isNotEqualTo(268490003);
    }

    private long coins(String key) throws Exception {
      return xpay(BALANCE, user(0), key).get("balance").longValue();
    }

    private long sandboxCoins(String key) throws Exception {
      var body = user(1);
      var paySig = sign(SHOP.keys().sandboxPayment(), BALANCE + "&" + body);
      return xpay(BALANCE, body, paySig, sign(key, body)).get("balance").longValue();
    }

    private String pay(String order, int amount) {
      return "{\"openid\":\"%s\",\"env\":0,\"order_id\":\"%s\",\"amount\":%d}"
          .formatted(openid, order, amount);
    }

    private JsonNode xpay(String path, String body, String key) throws Exception {
      return xpay(path, body, paySig(path, body), sign(key, body));
    }

    private JsonNode xpay(String path, String body, String paySig, String signature)
        throws Exception {
      return json(call(path, body, "pay_sig", paySig, "signature", signature));
    }
  }

  @Nested
  class MiniGames {
    @Test
    void coinsAreSpentAndPaidBack() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      var pay = "{\"openid\":\"%s\",\"env\":0,\"bill_no\":\"b1\",\"amount\":10}".formatted(openid);
      assertThat(game("/wxa/game/pay", pay, key).get("balance").longValue()).isEqualTo(990);
      assertThat(errcode(game("/wxa/game/pay", pay, key))).isEqualTo(90012);
      var back =
          """
          {"openid":"%s","env":0,"bill_no":"b2","pay_bill_no":"b1","amount":10}\
          """
              .formatted(openid);
      assertThat(game("/wxa/game/cancelpay", back, key).get("balance").longValue()).isEqualTo(1000);
      assertThat(game(GAME_BALANCE, user(0), key).get("balance").longValue()).isEqualTo(1000);
    }

    @Test
    void eachWrongPartHasItsErrcode() throws Exception {
      var stale = caller.login(SHOP, "alice.1");
      var key = caller.login(SHOP, "alice.2");
      var body = user(0);
      var paySig = paySig(GAME_BALANCE, body);
      assertThat(errcode(game(body, paySig, sign(key, body), HMAC))).isZero();
      assertThat(errcode(game(body, paySig, upper(sign(key, body)), HMAC))).isEqualTo(90010);
      assertThat(errcode(game(body, paySig, sign(stale, body), HMAC))).isEqualTo(90016);
      assertThat(errcode(game(body, "wrong", sign(key, body), HMAC))).isEqualTo(90011);
      assertThat(errcode(game(body, paySig, sign(key, body), "hmac_sha1"))).isEqualTo(90018);
      assertThat(errcode(game("{\"env\":0}", paySig, sign(key, body), HMAC))).isEqualTo(90018);
    }

    private JsonNode game(String path, String body, String key) throws Exception {
      return json(
          call(
              path,
              body,
              "pay_sig",
              paySig(path, body),
              "signature",
              sign(key, body),
              "sig_method",
              HMAC));
    }

    private JsonNode game(String body, String paySig, String signature, String method)
        throws Exception {
      return json(
          call(
              GAME_BALANCE, body, "pay_sig", paySig, "signature", signature, "sig_method", method));
    }
  }

  @Nested
  class UserData {
    private static final String BODY = "{\"kv_list\":[{\"key\":\"score\",\"value\":\"100\"}]}";

    @ParameterizedTest
    @ValueSource(strings = {STORAGE, "/wxa/remove_user_storage", "/wxa/setuserinteractivedata"})
    void signatureCoversTheBody(String path) throws Exception {
      var key = caller.login(SHOP, "alice.1");
      assertThat(errcode(store(path, openid, sign(key, BODY), HMAC))).isZero();
      assertThat(errcode(store(path, openid, sign(key, ""), HMAC))).isEqualTo(87009);
    }

    @Test
    void signatureForAnEncryptionKeyCoversTheEmptyText() throws Exception {
      var key = caller.login(SHOP, "alice.1");
      var reply = json(encryptKey(sign(key, "")));
      assertThat(errcode(reply)).isZero();
      assertThat(reply.at("/key_info_list/0/encrypt_key").textValue()).hasSize(24);
      assertThat(errcode(encryptKey(upper(sign(key, ""))))).isEqualTo(87009);
    }

    @Test
    void eachWrongPartHasItsErrcode() throws Exception {
      var stale = caller.login(SHOP, "alice.1");
      var key = caller.login(SHOP, "alice.2");
      assertThat(errcode(store(STORAGE, openid, sign(stale, BODY), HMAC))).isEqualTo(87007);
      assertThat(errcode(store(STORAGE, openid, sign(key, BODY), "md5"))).isEqualTo(40097);
      assertThat(errcode(store(STORAGE, "", sign(key, BODY), HMAC))).isEqualTo(40097);
      assertThat(errcode(store(STORAGE, "oNobody", sign(key, BODY), HMAC))).isEqualTo(40003);
      var ofGame = wechat.openidOf(GAME.appid(), "alice");
      assertThat(errcode(store(STORAGE, ofGame, sign(key, BODY), HMAC))).isEqualTo(40003);
    }

    private HttpResponse<String> store(
        String path, String openid, String signature, String sigMethod) throws Exception {
      return call(path, BODY, "openid", openid, "signature", signature, "sig_method", sigMethod);
    }

    private HttpResponse<String> encryptKey(String signature) throws Exception {
      return call(ENCRYPT_KEY, "", "openid", openid, "signature", signature, "sig_method", HMAC);
    }
  }

  @ParameterizedTest
  @CsvSource({BALANCE + ", 43002", GAME_BALANCE + ", 43002", STORAGE + ", 43002"})
  void getIsRejected(String path, int errcode) throws Exception {
    assertThat(errcode(caller.get(path))).isEqualTo(errcode);
  }

  private HttpResponse<String> call(String path, String body, String... query) throws Exception {
    var target = target(path, query) + "&access_token=" + caller.accessToken(SHOP);
    return caller.post(target, body);
  }

  private String user(int env) {
    return "{\"openid\":\"%s\",\"env\":%d,\"user_ip\":\"127.0.0.1\"}".formatted(openid, env);
  }

  private static String paySig(String path, String body) {
    return sign(SHOP.keys().payment(), path + "&" + body);
  }

  private static String upper(String hex) {
    return hex.toUpperCase(Locale.ROOT);
  }
}
