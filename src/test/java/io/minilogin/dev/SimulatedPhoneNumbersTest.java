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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.minilogin.async.SettableClock;
import io.minilogin.dev.WechatSimulator.App;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedPhoneNumbersTest {

  private final SettableClock clock = new SettableClock();
  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(clock, 0, SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);

  // The answer to a phone code

  @Test
  void phoneCodeReturnsTheNumberWithAWatermark() throws Exception {
    var response = send(SHOP, "alice.1");
    assertThat(contentType(response)).isEqualTo("application/json");
    var number = wechat.phoneNumberOf("alice");
    assertThat(response.body())
        .isEqualTo(
            """
            {"errcode":0,"errmsg":"ok","phone_info":{"phoneNumber":"%1$s","purePhoneNumber":"%1$s",\
            "countryCode":"86","watermark":{"timestamp":%2$d,"appid":"%3$s"}}}\
            """
                .formatted(number, clock.instant().getEpochSecond(), SHOP.appid()));
  }

  @Test
  void numberDependsOnlyOnTheUser() throws Exception {
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
  void watermarkNamesTheAppOfTheAccessToken() throws Exception {
    var watermark = json(send(GAME, "alice.1")).at("/phone_info/watermark");
    assertThat(watermark.get("appid").textValue()).isEqualTo(GAME.appid());
  }

  @Test
  void countryCodeMayBeANumber() throws Exception {
    assertThat(json(send(SHOP, "alice.country-code-number")).at("/phone_info/countryCode"))
        .isEqualTo(JsonNodeFactory.instance.numberNode(86));
  }

  @Test
  void successCanLackThePhoneInfo() throws Exception {
    var reply = json(send(SHOP, "alice.no-phone-info"));
    assertThat(names(reply)).containsExactlyInAnyOrder("errcode", "errmsg");
    assertThat(errcode(reply)).isZero();
  }

  // The lifetime of a code

  @ParameterizedTest
  @ValueSource(strings = {"alice.1", "alice.errcode=-1", "alice.age=301", "alice.status=500"})
  void phoneCodeIsAcceptedOnceWhateverTheOutcome(String code) throws Exception {
    send(SHOP, code);
    assertThat(errcode(send(SHOP, code))).isEqualTo(40163);
    assertThat(errcode(send(GAME, code))).isEqualTo(40163);
  }

  @Test
  void rejectedAccessTokenConsumesNoCode() throws Exception {
    send("", "alice.1");
    send("82_unknown", "alice.1");
    assertThat(errcode(send(SHOP, "alice.1"))).isZero();
  }

  @Test
  void sameTextCanBeALoginCodeAndAPhoneCode() throws Exception {
    caller.login(SHOP, "alice.1");
    assertThat(errcode(send(SHOP, "alice.1"))).isZero();
    send(SHOP, "bob.1");
    assertThat(caller.login(SHOP, "bob.1")).isNotEmpty();
  }

  @Test
  void phoneCodeExpiresAfterFiveMinutes() throws Exception {
    assertThat(errcode(send(SHOP, "alice.age=300"))).isZero();
    assertThat(errcode(send(SHOP, "alice.age=301"))).isEqualTo(40029);
    var words = "alice.issued=" + clock.instant().getEpochSecond();
    clock.advance(Duration.ofSeconds(300));
    assertThat(errcode(send(SHOP, words + ".1"))).isZero();
    clock.advance(Duration.ofSeconds(1));
    assertThat(errcode(send(SHOP, words + ".2"))).isEqualTo(40029);
  }

  @Test
  void phoneCodeOfAnotherAppIsRejected() throws Exception {
    var words = "alice.appid=" + GAME.appid();
    assertThat(errcode(send(SHOP, words + ".1"))).isEqualTo(40029);
    assertThat(errcode(send(GAME, words + ".2"))).isZero();
  }

  @Test
  void phoneCodeCanRequireTheOpenidCheck() throws Exception {
    var alice = wechat.openidOf(SHOP.appid(), "alice");
    var bob = wechat.openidOf(SHOP.appid(), "bob");
    assertThat(errcode(send(SHOP, "alice.check-openid.1", alice))).isZero();
    assertThat(errcode(send(SHOP, "alice.check-openid.2", bob))).isEqualTo(40003);
    assertThat(errcode(send(SHOP, "alice.check-openid.3"))).isEqualTo(40003);
    assertThat(errcode(send(SHOP, "alice.4", bob))).isZero();
  }

  // Rejected requests

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"code\":1}", "{\"code\":\"\"}", "{\"code\":\"a\"}{}"})
  void bodyWithoutACodeIsRejected(String body) throws Exception {
    var target = target(PHONE_NUMBER, "access_token", caller.accessToken(SHOP));
    assertThat(errcode(caller.post(target, body))).isEqualTo(47001);
  }

  // Codes that provoke an answer

  private HttpResponse<String> send(App app, String code) throws Exception {
    return send(caller.accessToken(app), code);
  }

  private HttpResponse<String> send(String accessToken, String code) throws Exception {
    return caller.post(target(PHONE_NUMBER, "access_token", accessToken), body(code));
  }

  private HttpResponse<String> send(App app, String code, String openid) throws Exception {
    return caller.post(
        target(PHONE_NUMBER, "access_token", caller.accessToken(app)),
        "{\"code\":\"" + code + "\",\"openid\":\"" + openid + "\"}");
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
