package io.minilogin.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.RedisAndWechat;
import io.minilogin.app.ConfiguredApps;
import io.minilogin.async.SettableClock;
import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisDump;
import io.minilogin.seal.ConfiguredSeals;
import io.minilogin.seal.Seals;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test is a rotation to a secret of its own. */
@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class SealDelayTest {
  private static final String APPID = RedisAndWechat.APPID;
  private static final Duration DELAY = Duration.ofMinutes(10);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static int count;

  @Inject RedisCommands commands;
  @Inject MeterRegistry registry;
  @Inject RedisDump dump;

  private final SettableClock clock = new SettableClock();
  private final String secret = "a-new-secret-of-an-app-" + ++count;
  private final Seals first = seals();
  private final Seals second = seals();
  private final String key = "ml:r:" + APPID + ":" + first.secretId(APPID);

  @BeforeEach
  void theFirstInstanceLearnsOfTheSecret() {
    look(first);
    assertThat(dump.keys(key)).hasSize(1);
  }

  @Test
  void allInstancesChangeOverTogetherWheneverTheyLearntOfIt() {
    clock.advance(DELAY.minus(SECOND));
    look(first);
    look(second);
    assertThat(isDelayed(first)).isTrue();
    assertThat(isDelayed(second)).isTrue();

    clock.advance(SECOND);
    look(first);
    look(second);
    assertThat(isDelayed(first)).isFalse();
    assertThat(isDelayed(second)).isFalse();
  }

  @Test
  void aRestartDoesNotBeginAnew() {
    clock.advance(DELAY);
    var restarted = seals();
    look(restarted);
    assertThat(isDelayed(restarted)).isFalse();
  }

  @Test
  void theTimeLiesInRedisForAsLongAsAPreviousSecretMayBeConfigured() {
    assertThat(dump.timeToLive(key)).isGreaterThan(Duration.ofDays(3649).toMillis());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET %s 2020-01-01", "HSET %s field value", "LPUSH %s value"})
  void whatLiesThereAndIsNotOursIsReplaced(String garbage) {
    dump.run("DEL", key);
    var command = garbage.formatted(key).split(" ", 2);
    dump.run(command[0], command[1].split(" "));
    clock.advance(DELAY);
    look(second);
    assertThat(isDelayed(second)).isTrue();

    clock.advance(DELAY);
    look(second);
    assertThat(isDelayed(second)).isFalse();
  }

  @Test
  void withoutADelayTheNewSecretSealsAtOnce() {
    var seals = seals();
    delay(seals, Duration.ZERO).look().await().atMost(PATIENCE);
    assertThat(isDelayed(seals)).isFalse();
  }

  private void look(Seals seals) {
    delay(seals, DELAY).look().await().atMost(PATIENCE);
  }

  private SealDelay delay(Seals seals, Duration delay) {
    return new SealDelay(
        seals, new RedisSecretAges(commands, seals, clock), () -> delay, registry, clock);
  }

  private Seals seals() {
    return ConfiguredSeals.of(
        ConfiguredApps.rotated(APPID, RedisAndWechat.PREVIOUS_SECRET, secret));
  }

  private static boolean isDelayed(Seals seals) {
    return !seals.delayed().isEmpty();
  }
}
