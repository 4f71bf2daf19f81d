package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** After the replay window a repeated code is a used one, and still not sent again. */
@Tag("long")
class ReplayWindowIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());

  private static final List<ServiceProcess> services =
      started.addAll(withAWindowOf("1S"), withAWindowOf("0"));
  private static final Client client = services.get(0).client();
  private static final Client withoutAWindow = services.get(1).client();

  @Test
  void afterTheWindowACodeIsUsed() {
    var code = code();
    var refused = code("errcode=45011");
    var token = client.tokenFor(code);
    client.login(refused);
    await().atMost(Duration.ofSeconds(10)).until(() -> client.login(refused).statusCode() == 400);
    client.login(code).then().spec(problem("code-used", 400, "login"));
    client.login(refused).then().spec(problem("code-used", 400, "login"));
    client.session(token).then().statusCode(200);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    assertThat(surroundings.wechat().callsWith(refused)).isEqualTo(1);
  }

  @Test
  void aLoginLeavesOneKeyOfItsCodeAndNothingToRemove() {
    try (var redis = new RedisConnection(surroundings.redis())) {
      redis.send("FLUSHALL");
      redis.send("CONFIG", "RESETSTAT");
      var code = code();
      client.tokenFor(code);
      await().atMost(Duration.ofSeconds(10)).until(() -> client.login(code).statusCode() == 400);
      assertThat(redis.keys("*"))
          .extracting(key -> key.substring(0, 5))
          .containsExactlyInAnyOrder("ml:c:", "ml:s:", "ml:u:");
      var commands = new String((byte[]) redis.send("INFO", "commandstats"), US_ASCII);
      assertThat(commands)
          .contains("cmdstat_set:")
          .doesNotContain("unlink")
          .doesNotContain("_del:");
    }
  }

  @Test
  void withoutAWindowACodeIsUsedAtOnce() {
    var code = code();
    var token = withoutAWindow.tokenFor(code);
    withoutAWindow.login(code).then().spec(problem("code-used", 400, "login"));
    withoutAWindow.session(token).then().statusCode(200);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  private static ServiceProcess.Builder withAWindowOf(String window) {
    return surroundings.service().with("LOGIN_REPLAY_WINDOW", window);
  }
}
