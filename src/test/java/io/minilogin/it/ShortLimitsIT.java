package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A session ends when it is not used for the idle timeout, and after its lifetime in any case. A
 * replay window may be turned off.
 */
@Tag("long")
class ShortLimitsIT {
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration LIFETIME = Duration.ofSeconds(6);
  // For what lies between the clock here and the one there.
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(
          surroundings
              .service()
              .with("SESSION_IDLE_TIMEOUT", "2S")
              .with("SESSION_LIFETIME", "6S")
              .with("LOGIN_REPLAY_WINDOW", "0")
              .start());

  @Test
  void useKeepsASessionButNotBeyondItsLifetime() {
    var watch = Stopwatch.start();
    var token = service.client().tokenFor(code());
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(LIFETIME.plus(TOLERANCE))
        .until(() -> service.client().session(token).statusCode() != 200);
    assertThat(watch.elapsed()).isGreaterThanOrEqualTo(LIFETIME);
    service.client().session(token).then().spec(tokenInvalid());
  }

  @Test
  void aSessionThatIsNotUsedEnds() {
    try (var redis = new RedisConnection(surroundings.redis())) {
      var before = redis.keys("ml:s:*");
      var watch = Stopwatch.start();
      var token = service.client().tokenFor(code());
      assertThat(redis.keys("ml:s:*")).hasSizeGreaterThan(before.size());
      // Asking the service would be a use.
      await().atMost(IDLE.plus(TOLERANCE)).until(() -> before.containsAll(redis.keys("ml:s:*")));
      assertThat(watch.elapsed()).isGreaterThanOrEqualTo(IDLE);
      service.client().session(token).then().spec(tokenInvalid());
    }
  }

  @Test
  void withoutAReplayWindowARepeatedCodeIsUsed() {
    var code = code();
    var token = service.client().tokenFor(code);
    service.client().login(code).then().spec(problem("code-used", 400, "login"));
    service.client().session(token).then().statusCode(200);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void aLoginRemovesNoKey() {
    try (var redis = new RedisConnection(surroundings.redis())) {
      redis.send("CONFIG", "RESETSTAT");
      service.client().tokenFor(code());
      var commands = new String((byte[]) redis.send("INFO", "commandstats"), US_ASCII);
      assertThat(commands)
          .contains("cmdstat_set:")
          .doesNotContain("unlink")
          .doesNotContain("_del:");
    }
  }
}
