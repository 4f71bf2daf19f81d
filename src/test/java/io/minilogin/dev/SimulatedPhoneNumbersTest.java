package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.GAME;
import static io.minilogin.dev.WechatCaller.PHONE_NUMBER;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.names;
import static io.minilogin.dev.WechatCaller.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.minilogin.async.SettableClock;
import io.minilogin.dev.WechatSimulator.App;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedPhoneNumbersTest {
  private static final int EIGHT_MEGABYTES = 8 * 1024 * 1024;

  private final SettableClock clock = new SettableClock();
  private final WechatSimulator wechat = WechatSimulator.start(clock, 0, SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);

  @AfterEach
  void close() {
    wechat.close();
  }

  // What a phone code gets

  @Test
  void aPhoneCodeGetsTheNumberWithAWatermark() throws Exception {
    var response = send(SHOP, "alice.1");
    assertThat(contentType(response)).isEqualTo("application/json");
    var number = wechat.phoneNumberOf("alice");
    assertThat(response.body())
        .isEqualTo(
            """
            {"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"%1$s","purePhoneNumber":"%1$s",\
            "countryCode":"86","watermark":{"timestamp":%2$d,"appid":"%3$s"}}}"""
                .formatted(number, clock.instant().getEpochSecond(), SHOP.appid()));
  }

  @Test
  void theNumberFollowsFromTheUserAlone() throws Exception {
    var number = number(send(SHOP, "alice.1"));
    assertThat(number).matches("13\\d{9}");
    assertThat(number(send(SHOP, "alice.2"))).isEqualTo(number);
    assertThat(number(send(GAME, "alice.3"))).isEqualTo(number);
    assertThat(number(send(SHOP, "bob.1"))).isNotEqualTo(number);
    try (var other = WechatSimulator.start(SHOP)) {
      assertThat(other.phoneNumberOf("alice")).isEqualTo(number);
    }
  }

  @Test
  void theWatermarkNamesTheAppWhoseAccessTokenItIs() throws Exception {
    var watermark = json(send(GAME, "alice.1")).at("/phone_info/watermark");
    assertThat(watermark.get("appid").textValue()).isEqualTo(GAME.appid());
  }

  @Test
  void aCountryCodeMayBeANumber() throws Exception {
    assertThat(json(send(SHOP, "alice.country-code-number")).at("/phone_info/countryCode"))
        .isEqualTo(JsonNodeFactory.instance.numberNode(86));
  }

  @Test
  void aSuccessMayLackThePhoneInfo() throws Exception {
    var reply = json(send(SHOP, "alice.no-phone-info"));
    assertThat(names(reply)).containsExactlyInAnyOrder("errcode", "errmsg");
    assertThat(errcode(reply)).isZero();
  }

  // What becomes of a code

  @ParameterizedTest
  @ValueSource(strings = {"alice.1", "alice.errcode=-1", "alice.age=301", "alice.status=500"})
  void aPhoneCodeIsTakenOnceWhateverCameOfIt(String code) throws Exception {
    send(SHOP, code);
    assertThat(errcode(send(SHOP, code))).isEqualTo(40163);
    assertThat(errcode(send(GAME, code))).isEqualTo(40163);
  }

  @Test
  void aRefusedAccessTokenBurnsNoCode() throws Exception {
    send("", "alice.1");
    send("82_unknown", "alice.1");
    assertThat(errcode(send(SHOP, "alice.1"))).isZero();
  }

  @Test
  void theSameTextMayBeALoginAndAPhoneCode() throws Exception {
    caller.login(SHOP, "alice.1");
    assertThat(errcode(send(SHOP, "alice.1"))).isZero();
    send(SHOP, "bob.1");
    assertThat(caller.login(SHOP, "bob.1")).isNotEmpty();
  }

  @Test
  void aPhoneCodeLivesFiveMinutes() throws Exception {
    assertThat(errcode(send(SHOP, "alice.age=300"))).isZero();
    assertThat(errcode(send(SHOP, "alice.age=301"))).isEqualTo(40029);
    var words = "alice.issued=" + clock.instant().getEpochSecond();
    clock.advance(Duration.ofSeconds(300));
    assertThat(errcode(send(SHOP, words + ".1"))).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(errcode(send(SHOP, words + ".2"))).isEqualTo(40029);
  }

  @Test
  void aPhoneCodeOfAnotherAppIsRefused() throws Exception {
    var words = "alice.appid=" + GAME.appid();
    assertThat(errcode(send(SHOP, words + ".1"))).isEqualTo(40029);
    assertThat(errcode(send(GAME, words + ".2"))).isZero();
  }

  // What WeChat refuses

  @Test
  void aCallWithoutAGoodAccessTokenIsRefused() throws Exception {
    assertThat(errcode(caller.post(PHONE_NUMBER, body("alice.1")))).isEqualTo(41001);
    assertThat(errcode(send("", "alice.1"))).isEqualTo(41001);
    assertThat(errcode(send("82_unknown", "alice.1"))).isEqualTo(40001);
    var token = caller.accessToken(SHOP);
    wechat.expireAccessToken(SHOP.appid());
    assertThat(errcode(send(token, "alice.1"))).isEqualTo(42001);
    assertThat(errcode(send(SHOP, "alice.1"))).isZero();
  }

  @Test
  void aRejectedAccessTokenIsRefusedUntilARefreshIsForced() throws Exception {
    caller.accessToken(SHOP);
    wechat.rejectAccessToken(SHOP.appid());
    assertThat(errcode(send(SHOP, "alice.1"))).isEqualTo(40001);
    caller.stableToken(SHOP, true);
    assertThat(errcode(send(SHOP, "alice.1"))).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"code\":1}", "{\"code\":\"\"}", "{\"code\":\"a\"}{}"})
  void aBodyWithoutACodeIsRefused(String body) throws Exception {
    var target = target(PHONE_NUMBER, "access_token", caller.accessToken(SHOP));
    assertThat(errcode(caller.post(target, body))).isEqualTo(47001);
  }

  @Test
  void itIsNoCallForGet() throws Exception {
    assertThat(errcode(caller.get(PHONE_NUMBER))).isEqualTo(43002);
  }

  // How a code provokes an answer

  @ParameterizedTest
  @CsvSource({"40029, invalid code", "-1, system error", "99999, simulated error"})
  void aPhoneCodeChoosesTheErrcode(long errcode, String message) throws Exception {
    var response = send(SHOP, "alice.errcode=" + errcode);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(errcode(response)).isEqualTo(errcode);
    assertThat(json(response).get("errmsg").textValue()).startsWith(message + ", rid: ");
  }

  @Test
  void anErrcodeMayBeText() throws Exception {
    assertThat(json(send(SHOP, "alice.errcode=40029.errcode-text")).get("errcode").textValue())
        .isEqualTo("40029");
  }

  @Test
  void aPhoneCodeBreaksTheAnswer() throws Exception {
    assertThat(send(SHOP, "alice.status=502").statusCode()).isEqualTo(502);
    assertThat(send(SHOP, "alice.html").body()).startsWith("<html>");
    assertThat(send(SHOP, "alice.empty").body()).isEmpty();
    assertThat(send(SHOP, "alice.truncated").body())
        .startsWith("{\"errcode\":")
        .doesNotEndWith("}");
    assertThat(send(SHOP, "alice.huge").body()).hasSizeGreaterThan(EIGHT_MEGABYTES);
    assertThat(send(SHOP, "alice.huge-declared").body()).hasSizeGreaterThan(EIGHT_MEGABYTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice.reset", "alice.close", "alice.cut"})
  void aPhoneCodeBreaksTheConnection(String code) {
    assertThatThrownBy(() -> send(SHOP, code)).isInstanceOf(IOException.class);
    assertThat(wechat.requests(PHONE_NUMBER)).isNotEmpty();
  }

  @Test
  void aDelayedAnswerComesAfterTheDelay() throws Exception {
    var token = caller.accessToken(SHOP);
    var start = System.nanoTime();
    assertThat(errcode(send(token, "alice.delay=150"))).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  private HttpResponse<String> send(App app, String code) throws Exception {
    return send(caller.accessToken(app), code);
  }

  private HttpResponse<String> send(String accessToken, String code) throws Exception {
    return caller.post(target(PHONE_NUMBER, "access_token", accessToken), body(code));
  }

  private static String body(String code) {
    return "{\"code\":\"" + code + "\"}";
  }

  private static String number(HttpResponse<String> response) throws IOException {
    JsonNode info = json(response).get("phone_info");
    assertThat(info.get("purePhoneNumber")).isEqualTo(info.get("phoneNumber"));
    return info.get("phoneNumber").textValue();
  }
}
