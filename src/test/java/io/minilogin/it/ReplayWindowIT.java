package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** After the replay window a repeated code is a used one, and still not sent again. */
class ReplayWindowIT {
  private static Surroundings surroundings;

  @BeforeAll
  static void start() {
    surroundings = Surroundings.start();
  }

  @AfterAll
  static void stop() {
    surroundings.close();
  }

  @Test
  void afterTheWindowACodeIsUsed() {
    try (var service = surroundings.service().with("LOGIN_REPLAY_WINDOW", "1S").start()) {
      var code = code();
      var refused = code("errcode=45011");
      var token = service.client().tokenFor(code);
      service.client().login(refused);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> service.client().login(refused).statusCode() == 400);
      service.client().login(code).then().spec(problem("code-used", 400, "login"));
      service.client().login(refused).then().spec(problem("code-used", 400, "login"));
      service.client().session(token).then().statusCode(200);
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
      assertThat(surroundings.wechat().callsWith(refused)).isEqualTo(1);
    }
  }

  @Test
  void aLoginLeavesOneKeyOfItsCodeAndNothingToRemove() {
    try (var service = surroundings.service().with("LOGIN_REPLAY_WINDOW", "1S").start();
        var redis = new RedisConnection(surroundings.redis())) {
      redis.send("FLUSHALL");
      redis.send("CONFIG", "RESETSTAT");
      var code = code();
      service.client().tokenFor(code);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> service.client().login(code).statusCode() == 400);
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
    try (var service = surroundings.service().with("LOGIN_REPLAY_WINDOW", "0").start()) {
      var code = code();
      var token = service.client().tokenFor(code);
      service.client().login(code).then().spec(problem("code-used", 400, "login"));
      service.client().session(token).then().statusCode(200);
      assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    }
  }
}
