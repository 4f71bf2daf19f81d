package io.minilogin.it.client;

import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.dev.OpenData;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.Client;
import io.minilogin.it.Codes;
import io.minilogin.it.SharedService;
import io.minilogin.it.SharedService.Shared;
import io.minilogin.it.Surroundings;
import java.util.Collections;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The promises of the mini program's client, tested with the real service. */
@Tag("jar")
@ExtendWith(SharedService.class)
class ClientIT {
  private static final String REQUESTS_AT_ONCE =
      "return Promise.all(Array.from({ length: 50 }, () => client.request({ url: '/session' })))";

  private final Client service;
  private final Surroundings surroundings;
  private final WechatSimulator wechat;
  @AutoClose private final MiniProgram phone;

  ClientIT(Shared shared) {
    service = shared.client();
    surroundings = shared.surroundings();
    wechat = shared.wechat();
    phone = MiniProgram.of(service.traffic());
  }

  @Test
  void firstRequestLogsIn() {
    var answer = phone.resolved("return client.session()");
    assertThat(answer.getInt("statusCode")).isEqualTo(200);
    assertThat(answer.getString("data.openid")).isEqualTo(openid());
    assertThat(answer.getString("header.cache-control")).isEqualTo("no-store");
    assertThat(phone.requests()).containsExactly("POST /login", "GET /session");
  }

  @Test
  void fiftyConcurrentFirstRequestsShareOneLogin() {
    var answers = phone.resolved(REQUESTS_AT_ONCE);
    assertThat(answers.getList("statusCode")).containsOnly(200).hasSize(50);
    assertThat(phone.logins()).isEqualTo(1);
    assertThat(exchanges()).isEqualTo(1);
    assertThat(phone.mostUnderWay()).isBetween(2, 10);
  }

  @Test
  void concurrentRequestsShareOneLoginAfterARevocation() {
    service.logoutEverywhere(token()).then().statusCode(204);
    var answers = phone.resolved(REQUESTS_AT_ONCE);
    assertThat(answers.getList("statusCode")).containsOnly(200).hasSize(50);
    assertThat(exchanges()).isEqualTo(2);
    assertThat(Collections.frequency(phone.requests(), "GET /session")).isLessThanOrEqualTo(60);
  }

  @Test
  void tokenSurvivesARestartOfTheMiniProgram() {
    var token = token();
    try (var later = phone.again()) {
      var answer = later.resolved("await client.session(); return client.login()");
      assertThat(answer.getString("data.access_token")).isEqualTo(token);
      assertThat(later.requests()).containsExactly("GET /session");
    }
  }

  @Test
  void expiredTokenIsNotSent() {
    phone.resolved("await client.login(); return null");
    try (var later = phone.again()) {
      later.resolved(
          """
          const key = 'mini-login %s %s/'
          const saved = wx.getStorageSync(key)
          wx.setStorageSync(key, Object.assign(saved, { expires: Date.now() / 1000 - 1 }))
          return createClient({ baseUrl: '%s' }).session()
          """
              .formatted(APP.appid(), service.traffic(), service.traffic()));
      assertThat(later.requests()).containsExactly("POST /login", "GET /session");
    }
  }

  @Test
  void forcedLoginReplacesTheTokenAfterASecond() {
    var both =
        phone.resolved(
            """
            const first = await client.login()
            const begin = Date.now()
            const [second, third] = await Promise.all([client.login({ force: true }), client.session()])
            return { first, second, third, millis: Date.now() - begin }
            """);
    assertThat(both.getString("second.data.access_token"))
        .isNotEqualTo(both.getString("first.data.access_token"));
    assertThat(both.getInt("millis")).isGreaterThan(500);
    assertThat(phone.logins()).isEqualTo(2);
  }

  @Test
  void refusedCodeIsRetriedOnce() {
    phone.nextCodes("errcode=40029");
    assertThat(phone.resolved("return client.session()").getInt("statusCode")).isEqualTo(200);
    assertThat(phone.logins()).isEqualTo(2);
  }

  @Test
  void loginFailsAfterTwoRefusedCodes() {
    phone.nextCodes("errcode=40029", "errcode=40029");
    var error = phone.rejected("return client.session()");
    assertThat(error.getInt("status")).isEqualTo(400);
    assertThat(error.getString("type")).isEqualTo("code-invalid");
    assertThat(error.getString("action")).isEqualTo("login");
    assertThat(error.getInt("errcode")).isEqualTo(40029);
    assertThat(error.getString("traceId")).hasSize(32);
    assertThat(error.getString("message")).isEqualTo(error.getString("detail"));
    assertThat(phone.logins()).isEqualTo(2);
    assertThat(phone.requests()).doesNotContain("GET /session");
  }

  @Test
  void failureOfWechatIsRetriedOnceAndThenBacksOff() {
    phone.nextCodes("status=500", "status=500");
    var failures =
        phone.resolved(
            """
            const failures = []
            for (let i = 0; i < 3; i++) await client.session().catch((e) => failures.push(e.type))
            return failures
            """);
    assertThat(failures.<String>getList("")).containsOnly("wechat-failed").hasSize(3);
    assertThat(phone.logins()).isEqualTo(2);
  }

  @Test
  void waitingRequestsFailWithTheLogin() {
    phone.nextCodes("errcode=40226");
    var error = phone.rejected(REQUESTS_AT_ONCE);
    assertThat(error.getString("type")).isEqualTo("user-blocked");
    assertThat(error.getString("action")).isEqualTo("none");
    assertThat(phone.requests()).containsExactly("POST /login");
  }

  @Test
  void exceededQuotaIsNotRetried() {
    phone.nextCodes("errcode=45011");
    var error = phone.rejected("return client.login()");
    assertThat(error.getString("type")).isEqualTo("throttled");
    assertThat(error.getInt("retryAfter")).isGreaterThan(5);
    assertThat(phone.rejected("return client.login({ force: true })").getString("type"))
        .isEqualTo("throttled");
    assertThat(phone.logins()).isEqualTo(1);
  }

  @Test
  void unreadableOpenDataAreRequestedAgainAfterALogin() {
    phone.resolved("return client.login()");
    loginElsewhere();
    var stale = wechat.userInfo(APP.appid(), phone.user()).json();
    var answer =
        phone.resolved(
            """
            let calls = 0
            const answer = await client.openData(() => ++calls === 1 ? %s : new Promise((success, fail) => wx.request({
              url: '%s/simulator/user-info?user=%s&appid=%s', success: ({ data }) => success(data), fail })))
            return Object.assign(answer, { calls })
            """
                .formatted(stale, wechat.uri(), phone.user(), APP.appid()));
    assertThat(answer.getString("data.openId")).isEqualTo(openid());
    assertThat(answer.getInt("calls")).isEqualTo(2);
    assertThat(phone.logins()).isEqualTo(2);
  }

  @Test
  void openDataThatStayStaleAreAnError() {
    var stale = encryptedUnderAnotherKey();
    var error = phone.rejected("return client.openData(() => (" + stale + "))");
    assertThat(error.getString("type")).isEqualTo("session-key-stale");
    assertThat(phone.logins()).isEqualTo(2);
    var again = phone.rejected("return client.openData(() => (" + stale + "))");
    assertThat(again.getString("type")).isEqualTo("session-key-stale");
    assertThat(phone.logins()).isEqualTo(2);
  }

  @Test
  void failedClientApiRequiresAnotherTap() {
    var error =
        phone.rejected(
            "return client.openData(() => Promise.reject({ errMsg: 'getUserProfile:fail deny' }))");
    assertThat(error.getInt("status")).isZero();
    assertThat(error.getString("message")).isEqualTo("getUserProfile:fail deny");
    assertThat(error.getString("action")).isEqualTo("new-code");
  }

  @Test
  void phoneNumberCodeNeedsNoFurtherLogin() {
    var code = Codes.codeOf(phone.user());
    var body = "return client.phoneNumber({ code: '" + code + "' })";
    phone.resolved("return client.login()");
    assertThat(phone.resolved(body).getString("data.purePhoneNumber"))
        .isEqualTo(wechat.phoneNumberOf(phone.user()));
    assertThat(phone.rejected(body).getString("action")).isEqualTo("new-code");
    assertThat(phone.logins()).isEqualTo(1);
  }

  @Test
  void denialByTheUserRequiresAnotherTap() {
    var error =
        phone.rejected("return client.phoneNumber({ errMsg: 'getPhoneNumber:fail user deny' })");
    assertThat(error.getString("action")).isEqualTo("new-code");
    assertThat(phone.requests()).isEmpty();
  }

  @Test
  void sessionKeyIsChecked() {
    assertThat(phone.resolved("return client.checkKey()").getBoolean("data.valid")).isTrue();
    loginElsewhere();
    assertThat(phone.resolved("return client.checkKey()").getBoolean("data.valid")).isFalse();
  }

  @Test
  void logoutEndsOnlyThisSession() {
    var token = token();
    var other = service.tokenFor(Codes.codeOf(phone.user()));
    assertThat(phone.resolved("return client.logout()").getInt("statusCode")).isEqualTo(204);
    service.session(token).then().statusCode(401);
    service.session(other).then().statusCode(200);
    phone.resolved("await client.logout(); return null");
    assertThat(phone.logins()).isEqualTo(1);
  }

  @Test
  void logoutOfAnEndedSessionDoesNotLogIn() {
    service.logout(token()).then().statusCode(204);
    phone.resolved("return client.logout()");
    assertThat(phone.logins()).isEqualTo(1);
  }

  @Test
  void logoutEverywhereEndsAllSessions() {
    var other = service.tokenFor(Codes.codeOf(phone.user()));
    phone.resolved("return client.logoutEverywhere()");
    service.session(other).then().statusCode(401);
  }

  @Test
  void status401OfAClientEndpointDoesNotLogIn() {
    var path = "/users/" + APP.appid() + "/" + openid() + "/sessions";
    var error = phone.rejected("return client.request({ url: '" + path + "' })");
    assertThat(error.getInt("status")).isEqualTo(401);
    assertThat(error.getString("type")).isEqualTo("client-unauthorized");
    assertThat(phone.requests()).containsExactly("POST /login", "GET " + path);
  }

  @Test
  void tokenIsNotSentToOtherHosts() {
    for (var url :
        new String[] {"https://example.com/", service.traffic() + ".example.com/", "session"}) {
      var error = phone.rejected("return client.request({ url: '" + url + "' })");
      assertThat(error.getInt("status")).isZero();
      assertThat(error.getString("action")).isEqualTo("none");
    }
    assertThat(phone.requests()).isEmpty();
    phone.resolved("return client.request({ url: '" + service.traffic() + "/session' })");
  }

  @Test
  void requestCanBeAborted() {
    var error =
        phone.rejected(
            "const request = client.session(); setTimeout(request.abort); return request");
    assertThat(error.getString("message")).isEqualTo("request:fail abort");
    assertThat(error.getString("action")).isEqualTo("none");
    phone.resolved("return client.login()");
    assertThat(phone.requests()).containsExactly("POST /login");
  }

  private String token() {
    return phone.resolved("return client.login()").getString("data.access_token");
  }

  private String openid() {
    return wechat.openidOf(APP.appid(), phone.user());
  }

  private long exchanges() {
    return wechat.calls().stream()
        .filter(call -> call.code().startsWith(phone.user() + "."))
        .count();
  }

  /** Replaces the user's session key without this service. */
  private void loginElsewhere() {
    surroundings.loginPastTheService(Codes.codeOf(phone.user()));
  }

  private static String encryptedUnderAnotherKey() {
    var plaintext = "{\"watermark\":{\"appid\":\"%s\",\"timestamp\":1}}".formatted(APP.appid());
    return OpenData.encrypt("tiihtNczf5v6AKRyjwEUhQ==", plaintext).json();
  }
}
