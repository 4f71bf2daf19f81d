package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.SharedService.Instances;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The session key never leaves the service. Its operations are available at every instance. */
@ExtendWith(SharedService.class)
class SessionKeyIT {
  private final Instances instances;
  private final WechatSimulator wechat;
  private final Client one;
  private final Client two;

  private final String user = newUser();

  SessionKeyIT(Instances instances) {
    this.instances = instances;
    wechat = instances.wechat();
    one = instances.one(APP);
    two = instances.two(APP);
  }

  @Test
  void keyIsValidUntilWechatReplacesIt() {
    var token = login();
    assertKeyValid(token, true);
    loginPastTheService();
    assertKeyValid(token, false);
    login();
    assertKeyValid(token, true);
  }

  @Test
  void resetMakesWechatIssueANewKey() {
    var token = login();
    var before = wechat.sessionKeyOf(APP.appid(), user);
    one.resetKey(token).then().statusCode(204).body(emptyString());
    assertThat(wechat.sessionKeyOf(APP.appid(), user)).isNotEqualTo(before);
    assertKeyValid(token, true);
  }

  @Test
  void dataFromBeforeAndAfterAKeyResetCanBeDecrypted() {
    var token = login();
    var before = wechat.userInfo(APP.appid(), user).json();
    one.resetKey(token).then().statusCode(204);
    var after = wechat.userInfo(APP.appid(), user).json();
    two.openData(token, before).then().statusCode(200);
    two.openData(token, after).then().statusCode(200);
  }

  @Test
  void replacedKeyCannotBeReset() {
    var token = login();
    loginPastTheService();
    one.resetKey(token)
        .then()
        .spec(problem("session-key-stale", 409, "login"))
        .body("errcode", equalTo(87009));
  }

  @Test
  void concurrentResetsOnTwoInstancesLeaveConsistentKeys() {
    var token = login();
    for (int round = 0; round < 10; round++) {
      var before = wechat.userInfo(APP.appid(), user).json();
      var resets =
          IntStream.range(0, 8).mapToObj(i -> Crowd.resetKey(i % 2 == 0 ? one : two, token));
      assertThat(Crowd.send(resets)).extracting(HttpResponse::statusCode).containsOnly(204);
      assertKeyValid(token, true);
      var after = wechat.userInfo(APP.appid(), user).json();
      one.openData(token, after).then().statusCode(200);
      assertThat(two.openData(token, before).statusCode()).isIn(200, 409);
    }
  }

  @Test
  void concurrentResetAndLoginLeaveAValidKey() {
    var token = login();
    // Fewer than the maximum number of sessions of a user.
    for (int round = 0; round < 8; round++) {
      var reset = Crowd.send(Crowd.resetKey(one, token));
      var login = Crowd.send(Crowd.login(two, codeOf(user)));
      assertThat(login.join().statusCode()).isEqualTo(200);
      assertThat(reset.join().statusCode()).isIn(204, 409);
      var data = wechat.userInfo(APP.appid(), user).json();
      one.openData(token, data).then().statusCode(200);
    }
  }

  @Test
  void newKeyIsKeptWhenTheCallerDisconnects() throws Exception {
    var token = login();
    var path = "/wxa/resetusersessionkey";
    var before = wechat.requests(path).size();
    wechat.provoke(path, "delay=500");
    try (var caller = new RawHttp(one.traffic())) {
      caller.send(
          ("POST /session/key/reset HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + token
                  + "\r\nContent-Length: 0\r\n\r\n")
              .getBytes(US_ASCII));
      await().until(() -> wechat.requests(path).size() > before);
    } finally {
      wechat.provoke(path, "");
    }
    await().until(() -> one.checkKey(token).path("valid").equals(true));
    var data = wechat.userInfo(APP.appid(), user).json();
    one.openData(token, data).then().statusCode(200);
  }

  private String login() {
    return one.tokenFor(codeOf(user));
  }

  private void assertKeyValid(String token, boolean valid) {
    two.checkKey(token)
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(1))
        .body("valid", equalTo(valid));
  }

  /** Logs in with another service of the same app. This service does not receive the new key. */
  private void loginPastTheService() {
    instances.surroundings().loginPastTheService(codeOf(user));
  }
}
