package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.PHONE_NUMBER;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.STABLE_TOKEN;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedProvocationsTest {
  private static final String TOKEN_REQUEST =
      """
      {"grant_type":"client_credential","appid":"wx1111111111111111","secret":"shop-secret"}\
      """;

  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(SHOP);
  private final WechatCaller caller = new WechatCaller(wechat);

  @Test
  void provokedAnswersContinueUntilReset() throws Exception {
    wechat.provoke(STABLE_TOKEN, "status=500");
    assertThat(askForToken().statusCode()).isEqualTo(500);
    assertThat(askForToken().statusCode()).isEqualTo(500);
    wechat.provoke(STABLE_TOKEN, "status=503");
    assertThat(askForToken().statusCode()).isEqualTo(503);
    wechat.provoke(STABLE_TOKEN, "");
    assertThat(json(askForToken()).has("access_token")).isTrue();
    assertThat(wechat.requests(STABLE_TOKEN)).hasSize(4);
  }

  @Test
  void provokedAnswersCanBeLimitedToACount() throws Exception {
    wechat.provoke(STABLE_TOKEN, "errcode=-1.count=2");
    assertThat(errcode(askForToken())).isEqualTo(-1);
    assertThat(errcode(askForToken())).isEqualTo(-1);
    assertThat(json(askForToken()).has("access_token")).isTrue();
    wechat.provoke(STABLE_TOKEN, "status=500.count=0");
    assertThat(json(askForToken()).has("access_token")).isTrue();
  }

  @Test
  void otherPathsAreNotAffected() throws Exception {
    wechat.provoke(STABLE_TOKEN, "status=500");
    assertThat(caller.login(SHOP, "alice.1")).isNotEmpty();
    assertThat(errcode(caller.post(PHONE_NUMBER, ""))).isEqualTo(41001);
  }

  @Test
  void provokedErrcodeHasNoSideEffect() throws Exception {
    wechat.provoke(STABLE_TOKEN, "errcode=-1");
    var response = askForToken();
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(json(response).get("errmsg").textValue()).startsWith("system error, rid: ");
    assertThat(errcode(response)).isEqualTo(-1);
    assertThatThrownBy(() -> wechat.accessTokenOf(SHOP.appid()))
        .isInstanceOf(NoSuchElementException.class);
    wechat.provoke(STABLE_TOKEN, "errcode=45009.errcode-text");
    assertThat(json(askForToken()).get("errcode").textValue()).isEqualTo("45009");
  }

  @Test
  void provokedErrcodeConsumesNoPhoneCode() throws Exception {
    var target = target(PHONE_NUMBER, "access_token", caller.accessToken(SHOP));
    var body = "{\"code\":\"alice.1\"}";
    wechat.provoke(PHONE_NUMBER, "errcode=40001");
    assertThat(errcode(caller.post(target, body))).isEqualTo(40001);
    wechat.provoke(PHONE_NUMBER, "");
    assertThat(errcode(caller.post(target, body))).isZero();
  }

  @Test
  void lostAnswerStillTakesEffect() throws Exception {
    wechat.provoke(STABLE_TOKEN, "status=502");
    askForToken();
    var token = wechat.accessTokenOf(SHOP.appid());
    wechat.provoke(STABLE_TOKEN, "");
    assertThat(caller.accessToken(SHOP)).isEqualTo(token);
  }

  @Test
  void wordsOfACodeAndProvokedWordsAreCombined() throws Exception {
    var target = target(PHONE_NUMBER, "access_token", caller.accessToken(SHOP));
    wechat.provoke(PHONE_NUMBER, "status=503");
    var body = "{\"code\":\"alice.delay=150.status=500\"}";
    var start = System.nanoTime();
    assertThat(caller.post(target, body).statusCode()).isEqualTo(503);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/sns/jscode2session", "cgi-bin/stable_token"})
  void pathThatCannotBeProvokedIsReported(String path) {
    assertThatThrownBy(() -> wechat.provoke(path, "status=500"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path);
  }

  private HttpResponse<String> askForToken() throws Exception {
    return caller.post(STABLE_TOKEN, TOKEN_REQUEST);
  }
}
