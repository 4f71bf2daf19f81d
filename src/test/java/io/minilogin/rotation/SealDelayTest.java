package io.minilogin.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.Stopped;
import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.WechatApps;
import io.minilogin.async.SettableClock;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.observe.LogLines;
import io.minilogin.redis.RedisDump;
import io.minilogin.redis.RedisValues;
import io.minilogin.seal.ConfiguredSeals;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.SessionLimits;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test has its own secrets, so that the tests do not share records in Redis. */
@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class SealDelayTest {
  private static final String APPID = RedisAndWechat.APPID;
  private static final Duration DELAY = Duration.ofMinutes(10);
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Inject RedisValues values;
  @Inject SessionLimits limits;
  @Inject RedisDump dump;
  EmbeddedRedis redis;
  @Inject Vertx vertx;

  private final SettableClock clock = new SettableClock();
  private final int number = COUNT.incrementAndGet();
  private final String a = "secret-a-of-an-app-" + number;
  private final String b = "secret-b-of-an-app-" + number;
  private final String c = "secret-c-of-an-app-" + number;

  /** An instance of the service with the given secrets, newest first. */
  private final class Instance {
    private final WechatApps apps;
    private final Seals seals;
    private final SealDelay delay;

    Instance(Duration sealDelay, String secret, String... previous) {
      apps = ConfiguredApps.rotated(APPID, String.join(",", previous), secret);
      seals = ConfiguredSeals.of(apps);
      delay =
          new SealDelay(
              apps,
              seals,
              new RedisSecretChanges(values, seals),
              new DroppedSecrets(seals, limits, clock),
              () -> sealDelay,
              clock,
              vertx);
      look();
    }

    Instance(String secret, String... previous) {
      this(DELAY, secret, previous);
    }

    Instance look() {
      delay.look().await().atMost(PATIENCE);
      return this;
    }

    Instance change(boolean dropsSecrets, String secret, String... previous) {
      ConfiguredApps.change(apps, String.join(",", previous), secret, dropsSecrets);
      return look();
    }

    byte[] seal() {
      return seals.seal(APPID, Purpose.SESSION, "key", new byte[] {1});
    }

    boolean opens(byte[] sealed) {
      return seals.unseal(Purpose.SESSION, "key", sealed).isPresent();
    }

    /** Whether the instance seals under the secret. */
    boolean sealsUnder(String secret) {
      return Seals.isOfOneSecret(seal(), sealedUnder(secret));
    }

    boolean isReady() {
      return delay.call().await().atMost(PATIENCE).getStatus() == Status.UP;
    }
  }

  private static byte[] sealedUnder(String secret) {
    return ConfiguredSeals.of(ConfiguredApps.one(APPID, secret))
        .seal(APPID, Purpose.SESSION, "key", new byte[] {1});
  }

  private static String key(String secret) {
    return "ml:r:"
        + APPID
        + ":"
        + ConfiguredSeals.of(ConfiguredApps.one(APPID, secret)).inUse(APPID);
  }

  @Nested
  class OneRotation {
    @Test
    void allInstancesSwitchAtTheSameTime() {
      var first = new Instance(b, a);
      clock.advance(DELAY.minus(SECOND));
      first.look();
      var second = new Instance(b, a);
      assertThat(first.sealsUnder(a)).isTrue();
      assertThat(second.sealsUnder(a)).isTrue();

      clock.advance(SECOND);
      assertThat(first.look().sealsUnder(b)).isTrue();
      assertThat(second.look().sealsUnder(b)).isTrue();
    }

    @Test
    void instanceThatStartsAfterTheDelaySealsUnderTheNewSecret() {
      new Instance(b, a);
      clock.advance(DELAY);
      assertThat(new Instance(b, a).sealsUnder(b)).isTrue();
    }

    @Test
    void newSecretSealsAtOnceWithoutADelayAndTheChangeIsStored() {
      assertThat(new Instance(Duration.ZERO, b, a).sealsUnder(b)).isTrue();
      assertThat(dump.keys(key(b))).hasSize(1);
    }

    @Test
    void changeIsStoredForTheMaximumSessionLifetime() {
      new Instance(b, a);
      assertThat(dump.timeToLive(key(b))).isGreaterThan(Duration.ofDays(3649).toMillis());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET %s 2020-01-01", "HSET %s field value", "LPUSH %s value"})
    void invalidValueIsReplaced(String garbage) {
      var key = key(b);
      var command = garbage.formatted(key).split(" ", 2);
      dump.run(command[0], command[1].split(" "));
      var instance = new Instance(b, a);
      assertThat(instance.sealsUnder(a)).isTrue();

      clock.advance(DELAY);
      assertThat(instance.look().sealsUnder(b)).isTrue();
    }

    @Test
    void secretThatReturnsLaterIsDelayedAgain() {
      new Instance(b, a);
      new Instance(a, b);
      clock.advance(DELAY.multipliedBy(3));
      new Instance(c, b, a);
      clock.advance(DELAY.multipliedBy(3));
      var back = new Instance(a, c);
      assertThat(back.sealsUnder(c)).isTrue();
      clock.advance(DELAY);
      assertThat(back.look().sealsUnder(a)).isTrue();
    }
  }

  @Nested
  class TwoRotationsInARow {
    @Test
    void oldestSecretSealsUntilADelayEnds() {
      var instance = new Instance(b, a);
      clock.advance(SECOND);
      assertThat(instance.change(false, c, b, a).sealsUnder(a)).isTrue();
      assertThat(new Instance(c, b, a).sealsUnder(a)).isTrue();
    }

    @Test
    void valuesSealedByAnInstanceAreUnsealedByTheOthers() {
      var instances = List.of(new Instance(b, a), new Instance(b, a), new Instance(b, a));
      var sealed = new ArrayList<byte[]>();
      for (var instance : instances) {
        instance.change(false, c, b, a);
        clock.advance(DELAY.dividedBy(4));
        instances.forEach(each -> sealed.add(each.look().seal()));
        assertThat(instances).allMatch(each -> sealed.stream().allMatch(each::opens));
      }
      clock.advance(DELAY);
      instances.forEach(each -> sealed.add(each.look().seal()));
      assertThat(instances).allMatch(each -> sealed.stream().allMatch(each::opens));
    }
  }

  @Nested
  class ADroppedSecret {
    @Test
    void unsealsUntilAllItsValuesHaveExpired() {
      var instance = new Instance(b, a);
      clock.advance(DELAY);
      instance.look();
      instance.change(false, c, b);
      assertThat(instance.opens(sealedUnder(a))).isTrue();
      clock.advance(LIFETIME.minus(SECOND));
      assertThat(instance.look().opens(sealedUnder(a))).isTrue();
      clock.advance(DELAY);
      assertThat(instance.look().opens(sealedUnder(a))).isFalse();
      assertThat(instance.opens(sealedUnder(b))).isTrue();
    }

    @Test
    void sealsUntilTheDelayOfTheNewSecretEnds() {
      var instance = new Instance(a);
      assertThat(instance.change(false, b).sealsUnder(a)).isTrue();
      clock.advance(DELAY);
      assertThat(instance.look().sealsUnder(b)).isTrue();
      assertThat(instance.opens(sealedUnder(a))).isTrue();
    }

    @Test
    void unsealsNothingIfSecretsAreToBeDropped() {
      var instance = new Instance(a);
      assertThat(instance.change(true, b).sealsUnder(b)).isTrue();
      assertThat(instance.opens(sealedUnder(a))).isFalse();
    }

    @Test
    void isReportedInAWarningWhenAnInstanceStartsWithoutIt() {
      new Instance(b, a);
      try (var log = new LogLines(DroppedSecrets.class)) {
        new Instance(b);
        assertThat(log.lines()).anyMatch(line -> line.contains("is not configured: users"));
      }
      clock.advance(LIFETIME.plus(DELAY));
      try (var log = new LogLines(DroppedSecrets.class)) {
        new Instance(b);
        assertThat(log.lines()).isEmpty();
      }
    }

    @Test
    void isReportedInOneWarningWhileTheServiceRuns() {
      var instance = new Instance(a);
      try (var log = new LogLines(DroppedSecrets.class)) {
        instance.change(false, b).look().look();
        assertThat(log.lines())
            .filteredOn(line -> line.contains("is no longer configured"))
            .hasSize(1);
      }
    }
  }

  @Test
  void instanceIsReadyOnceItKnowsWhichSecretSeals() {
    var instance = new Instance(b, a);
    assertThat(instance.isReady()).isTrue();
    try (var stopped = Stopped.redis(redis)) {
      assertThat(new Instance(b, a).isReady()).isFalse();
    }
  }
}
