package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An earlier version and this version on one Redis, as during an upgrade or a rollback: each
 * version reads the data of the other. The system property {@code previous.directory} is the
 * directory with the jar of the earlier version.
 */
@Tag("long")
@Tag("jar")
class MixedVersionsIT {
  @RegisterExtension private static final Started started = new Started();
  private static Surroundings surroundings;
  private static ServiceProcess earlier;
  private static ServiceProcess current;

  private final String user = newUser();
  private final String openid = surroundings.wechat().openidOf(APP.appid(), user);

  enum Change {
    UPGRADE,
    ROLLBACK;

    ServiceProcess before() {
      return this == UPGRADE ? earlier : current;
    }

    ServiceProcess after() {
      return this == UPGRADE ? current : earlier;
    }
  }

  @BeforeAll
  static void startBoth() {
    var directory = System.getProperty("previous.directory", "");
    assumeTrue(
        !directory.isEmpty(),
        "previous.directory is not set: no earlier version is tested beside this version");
    surroundings = started.add(Surroundings.start());
    var services =
        started.addAll(
            GatewayClient.knownTo(surroundings.service())
                .command(Artefact.jarCommand(Path.of(directory))),
            GatewayClient.knownTo(surroundings.service()));
    earlier = services.get(0);
    current = services.get(1);
  }

  @ParameterizedTest
  @EnumSource
  void otherVersionKnowsAndEndsASession(Change change) {
    var before = change.before().client();
    var after = change.after().client();
    var token = before.tokenFor(codeOf(user));
    after.verify(token).then().statusCode(200).header("X-WX-OPENID", openid);
    after.logout(token).then().statusCode(204);
    before.verify(token).then().statusCode(401);
  }

  @ParameterizedTest
  @EnumSource
  void otherVersionListsAndEndsTheSessionsOfAUser(Change change) {
    var before = new GatewayClient(change.before().client());
    var after = new GatewayClient(change.after().client());
    var tokens =
        List.of(
            before.client().tokenFor(codeOf(user)),
            after.client().tokenFor(codeOf(user)),
            before.client().tokenFor(codeOf(user)));
    after.sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(3));
    after.endSessions(APP.appid(), openid).then().statusCode(204);
    assertThat(tokens).allMatch(token -> before.client().verify(token).statusCode() == 401);
    before.sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(0));
  }

  @ParameterizedTest
  @EnumSource
  void repeatedCodeGetsTheFirstAnswer(Change change) {
    for (var words : new String[] {"delay=0", "errcode=40029", "errcode=45011"}) {
      var code = code(words);
      var first = change.before().client().login(code);
      var second = change.after().client().login(code);
      assertThat(second.statusCode()).isEqualTo(first.statusCode());
      assertThat(second.<String>path("access_token")).isEqualTo(first.path("access_token"));
      assertThat(second.<String>path("type")).isEqualTo(first.path("type"));
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void codeIsSentByOnlyOneVersion(Change change) {
    var code = code("delay=300");
    var posts =
        IntStream.range(0, 10)
            .mapToObj(i -> Crowd.login(i % 2 == 0 ? change.before() : change.after(), code));
    assertThat(Crowd.send(posts).stream().map(HttpResponse::body).distinct()).hasSize(1);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void otherVersionDecryptsOpenData(Change change) {
    var token = change.before().client().tokenFor(codeOf(user));
    var data = surroundings.wechat().userInfo(APP.appid(), user).json();
    var after = change.after().client();
    after.openData(token, data).then().statusCode(200).body("openId", equalTo(openid));
    after.tokenFor(codeOf(user));
    change.before().client().openData(token, data).then().statusCode(200);
  }

  @ParameterizedTest
  @EnumSource
  void bothVersionsShareOneAccessToken(Change change) {
    var token = change.before().client().tokenFor(codeOf(user));
    change.before().client().phoneNumber(token, codeOf(user)).then().statusCode(200);
    var issued = surroundings.wechat().requests("/cgi-bin/stable_token").size();
    change.after().client().phoneNumber(token, codeOf(user)).then().statusCode(200);
    assertThat(surroundings.wechat().requests("/cgi-bin/stable_token")).hasSize(issued);
  }
}
