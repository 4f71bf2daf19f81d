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

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The session key stays here; what can be done with it can be asked for, at any instance. */
class SessionKeyIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final List<ServiceProcess> services =
      started.addAll(surroundings.service(), surroundings.service());
  private static final ServiceProcess one = services.get(0);
  private static final ServiceProcess two = services.get(1);

  private final String user = newUser();

  @Test
  void aKeyIsGoodUntilWechatHasAnother() {
    var token = login();
    checked(token, true);
    loginPastTheService();
    checked(token, false);
    login();
    checked(token, true);
  }

  @Test
  void aResetMakesWechatIssueAnother() {
    var token = login();
    var before = surroundings.wechat().sessionKeyOf(APP.appid(), user);
    one.client().resetKey(token).then().statusCode(204).body(emptyString());
    assertThat(surroundings.wechat().sessionKeyOf(APP.appid(), user)).isNotEqualTo(before);
    checked(token, true);
  }

  @Test
  void whatWasEncryptedBeforeAResetOpensAfterItAndWhatWasAfterItToo() {
    var token = login();
    var before = surroundings.wechat().userInfo(APP.appid(), user).json();
    one.client().resetKey(token).then().statusCode(204);
    var after = surroundings.wechat().userInfo(APP.appid(), user).json();
    two.client().openData(token, before).then().statusCode(200);
    two.client().openData(token, after).then().statusCode(200);
  }

  @Test
  void aKeyThatWechatHasReplacedCannotBeReset() {
    var token = login();
    loginPastTheService();
    one.client()
        .resetKey(token)
        .then()
        .spec(problem("session-key-stale", 409, "login"))
        .body("errcode", equalTo(87009));
  }

  @Test
  void resetsAtOnceOnTwoInstancesLeaveAPairThatBelongsTogether() {
    var token = login();
    for (int round = 0; round < 10; round++) {
      var before = surroundings.wechat().userInfo(APP.appid(), user).json();
      var resets =
          IntStream.range(0, 8).mapToObj(i -> Crowd.resetKey(i % 2 == 0 ? one : two, token));
      assertThat(Crowd.send(resets)).extracting(HttpResponse::statusCode).containsOnly(204);
      checked(token, true);
      var after = surroundings.wechat().userInfo(APP.appid(), user).json();
      one.client().openData(token, after).then().statusCode(200);
      assertThat(two.client().openData(token, before).statusCode()).isIn(200, 409);
    }
  }

  @Test
  void aResetAndALoginAtOnceLeaveAKeyThatIsGood() {
    var token = login();
    // Fewer than the sessions that a user may have.
    for (int round = 0; round < 8; round++) {
      var reset = Crowd.send(Crowd.resetKey(one, token));
      var login = Crowd.send(Crowd.login(two, codeOf(user)));
      assertThat(login.join().statusCode()).isEqualTo(200);
      assertThat(reset.join().statusCode()).isIn(204, 409);
      var data = surroundings.wechat().userInfo(APP.appid(), user).json();
      one.client().openData(token, data).then().statusCode(200);
    }
  }

  @Test
  void aCallerThatHangsUpDoesNotLoseTheNewKey() throws Exception {
    var token = login();
    var path = "/wxa/resetusersessionkey";
    var before = surroundings.wechat().requests(path).size();
    surroundings.wechat().provoke(path, "delay=500");
    try (var caller = new RawHttp(one.traffic())) {
      caller.send(
          ("POST /session/key/reset HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                  + token
                  + "\r\nContent-Length: 0\r\n\r\n")
              .getBytes(US_ASCII));
      await().until(() -> surroundings.wechat().requests(path).size() > before);
    } finally {
      surroundings.wechat().provoke(path, "");
    }
    await().until(() -> one.client().checkKey(token).path("valid").equals(true));
    var data = surroundings.wechat().userInfo(APP.appid(), user).json();
    one.client().openData(token, data).then().statusCode(200);
  }

  private String login() {
    return one.client().tokenFor(codeOf(user));
  }

  private static void checked(String token, boolean valid) {
    two.client()
        .checkKey(token)
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(1))
        .body("valid", equalTo(valid));
  }

  /** As with another service of the same app, whose keys nobody tells this one. */
  private void loginPastTheService() {
    surroundings.loginPastTheService(codeOf(user));
  }
}
