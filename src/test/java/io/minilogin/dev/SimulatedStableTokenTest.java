package io.minilogin.dev;

import static io.minilogin.dev.WechatCaller.GAME;
import static io.minilogin.dev.WechatCaller.SHOP;
import static io.minilogin.dev.WechatCaller.STABLE_TOKEN;
import static io.minilogin.dev.WechatCaller.contentType;
import static io.minilogin.dev.WechatCaller.errcode;
import static io.minilogin.dev.WechatCaller.json;
import static io.minilogin.dev.WechatCaller.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.async.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedStableTokenTest {
  private static final String GOOD =
      """
      {"grant_type":"client_credential","appid":"wx1111111111111111","secret":"shop-secret"}\
      """;

  private final SettableClock clock = new SettableClock();
  @AutoClose private final WechatSimulator wechat = WechatSimulator.start(clock, 0, SHOP, GAME);
  private final WechatCaller caller = new WechatCaller(wechat);

  @Test
  void appGetsAnAccessTokenForItsSecret() throws Exception {
    var response = caller.post(STABLE_TOKEN, GOOD);
    var reply = json(response);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(names(reply)).containsExactlyInAnyOrder("access_token", "expires_in");
    assertThat(reply.get("access_token").textValue()).matches("[\\w-]{136,512}");
    assertThat(reply.get("expires_in").intValue()).isEqualTo(7200);
    assertThat(wechat.accessTokenOf(SHOP.appid())).isEqualTo(reply.get("access_token").textValue());
  }

  @Test
  void repeatedCallReturnsTheTokenWithItsRemainingSeconds() throws Exception {
    var first = caller.stableToken(SHOP, false);
    clock.advance(Duration.ofSeconds(6899));
    var again = caller.stableToken(SHOP, false);
    assertThat(again.get("access_token")).isEqualTo(first.get("access_token"));
    assertThat(again.get("expires_in").intValue()).isEqualTo(301);
    clock.advance(Duration.ofSeconds(1));
    var next = caller.stableToken(SHOP, false);
    assertThat(next.get("access_token")).isNotEqualTo(first.get("access_token"));
    assertThat(next.get("expires_in").intValue()).isEqualTo(7200);
  }

  @Test
  void twentyFirstForcedRefreshOfADayIsRejected() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(caller.stableToken(SHOP, true).has("access_token")).isTrue();
      clock.advance(Duration.ofSeconds(30));
    }
    assertThat(errcode(caller.stableToken(SHOP, true))).isEqualTo(45009);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'grant_type':'client_credential','secret':'shop-secret'} | 41002",
        "{'grant_type':'client_credential','appid':1,'secret':'shop-secret'} | 41002",
        "{'grant_type':'client_credential','appid':'wx1111111111111111'} | 41004",
        "{'appid':'wx1111111111111111','secret':'shop-secret'} | 40002",
        "{'grant_type':'other','appid':'wx1111111111111111','secret':'shop-secret'} | 40002",
        "{'grant_type':'client_credential','appid':'wx0','secret':'shop-secret'} | 40013",
        "{'grant_type':'client_credential','appid':'wx1111111111111111','secret':'s'} | 40125"
      },
      quoteCharacter = '`')
  void wrongOrMissingPropertyIsRejected(String body, int errcode) throws Exception {
    var response = caller.post(STABLE_TOKEN, body.replace('\'', '"'));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(contentType(response)).isEqualTo("application/json");
    assertThat(errcode(response)).isEqualTo(errcode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"a\"", "{", "grant_type=client_credential", GOOD + GOOD})
  void bodyThatIsNotAJsonObjectIsRejected(String body) throws Exception {
    assertThat(errcode(caller.post(STABLE_TOKEN, body))).isEqualTo(47001);
  }
}
