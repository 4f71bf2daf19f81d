package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.Secret;
import io.minilogin.problem.ProblemException;
import io.minilogin.redis.RedisDump;
import io.minilogin.seal.ConfiguredSeals;
import io.minilogin.seal.Seals;
import io.minilogin.session.RedisUserHash.Entry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class SessionKeysTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Secret FIRST = new Secret("first==");
  private static final Secret SECOND = new Secret("second==");
  private static final Secret THIRD = new Secret("third==");

  @Inject SessionKeys keys;
  @Inject RedisUsers users;
  @Inject RedisUserHash hashes;
  @Inject RedisDump dump;
  @Inject Clock clock;
  @Inject Seals seals;

  /** A user that only this test uses. */
  private final UserId user = new UserId(RedisAndWechat.APPID, "o" + UUID.randomUUID());

  private final Instant expiresAt = Clock.systemUTC().instant().plusSeconds(3600);

  @Test
  void currentKeyComesBeforeThePreviousKey() {
    assertThat(run(keys.find(user))).isEmpty();
    login(users, FIRST);
    assertThat(run(keys.find(user))).containsExactly(FIRST);
    login(users, SECOND);
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
  }

  @Test
  void loginThatResumesDoesNotReplaceANewerKey() {
    login(users, FIRST);
    login(users, SECOND);
    resume(users, THIRD, Duration.ofMinutes(1));
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
  }

  @Test
  void loginThatResumesReplacesAnOlderKey() {
    login(users, FIRST);
    dump.run("HSET", "ml:u:" + user.hash(), "t", String.valueOf(clock.millis() - 120_000));
    resume(users, SECOND, Duration.ofMinutes(1));
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
  }

  /** A hash of an earlier version of the service. */
  @Test
  void loginThatResumesReplacesAKeyOfUnknownTime() {
    login(users, FIRST);
    for (var time : new String[] {"x", "-1", "9999999999999999"}) {
      dump.run("HSET", "ml:u:" + user.hash(), "t", time);
      resume(users, SECOND, Duration.ofMinutes(1));
      assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
      login(users, FIRST);
    }
  }

  /** The clocks of instances differ. */
  @Test
  void keyOfALoginIsStoredWhateverItsTime() {
    login(users, FIRST);
    dump.run("HSET", "ml:u:" + user.hash(), "t", String.valueOf(clock.millis() + 60_000));
    login(users, SECOND);
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
    resume(users, THIRD, Duration.ZERO);
    assertThat(run(keys.find(user))).containsExactly(THIRD, SECOND);
  }

  @Test
  void loginThatResumesDoesNotReplaceARenewedKey() {
    login(users, FIRST);
    dump.run("HSET", "ml:u:" + user.hash(), "t", String.valueOf(clock.millis() - 120_000));
    run(keys.renew(user, current -> renewal(current, FIRST, SECOND)));
    resume(users, THIRD, Duration.ofMinutes(1));
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
  }

  @Test
  void loginThatResumesSealsANewerKeyAgain() {
    var old = underThePreviousSecret();
    login(old, FIRST);
    login(old, SECOND);
    resume(users, THIRD, Duration.ofMinutes(1));
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
    assertThat(dump.hash("ml:u:" + user.hash()).get("k")).matches(it -> !seals.isOutdated(it));
    resume(users, THIRD, Duration.ofMinutes(1));
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
  }

  @Test
  void keysSealedUnderThePreviousAppSecretAreFound() {
    login(underThePreviousSecret(), FIRST);
    assertThat(run(keys.find(user))).containsExactly(FIRST);
  }

  @Test
  void renewalMakesTheCurrentKeyThePreviousKey() {
    login(users, FIRST);
    run(keys.renew(user, current -> renewal(current, FIRST, SECOND)));
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
    run(keys.renew(user, current -> renewal(current, SECOND, THIRD)));
    assertThat(run(keys.find(user))).containsExactly(THIRD, SECOND);
    assertThat(dump.keys("ml:l:k:*")).isEmpty();
  }

  @Test
  void keyOfAConcurrentLoginIsKept() {
    login(users, FIRST);
    run(
        keys.renew(
            user,
            current -> {
              var entry = new Entry("2".repeat(43), expiresAt);
              return users.add(Logins.of(user, THIRD), entry).replaceWith(SECOND);
            }));
    assertThat(run(keys.find(user))).containsExactly(THIRD, FIRST);
  }

  @Test
  void concurrentRenewalsShareOneRenewal() {
    login(users, FIRST);
    var wechat = new CompletableFuture<UniEmitter<? super Secret>>();
    var renewals = new AtomicInteger();
    var one =
        keys.renew(
                user,
                current -> {
                  renewals.incrementAndGet();
                  return Uni.createFrom().<Secret>emitter(wechat::complete);
                })
            .subscribeAsCompletionStage();
    var emitter = run(Uni.createFrom().completionStage(wechat));
    var other =
        keys.renew(
                user,
                current -> {
                  renewals.incrementAndGet();
                  return Uni.createFrom().item(THIRD);
                })
            .subscribeAsCompletionStage();
    emitter.complete(SECOND);
    run(Uni.createFrom().completionStage(one));
    run(Uni.createFrom().completionStage(other));
    assertThat(renewals).hasValue(1);
    assertThat(run(keys.find(user))).containsExactly(SECOND, FIRST);
  }

  @Test
  void failedRenewalChangesNothing() {
    login(users, FIRST);
    var failing =
        keys.renew(user, current -> Uni.createFrom().failure(new IllegalStateException()));
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> run(failing));
    assertThat(run(keys.find(user))).containsExactly(FIRST);
    assertThat(dump.keys("ml:l:k:*")).isEmpty();
  }

  @Test
  void renewalWithoutAKeyIsRejected() {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> run(keys.renew(user, current -> Uni.createFrom().item(SECOND))))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(SessionKeys.STALE));
  }

  private static Uni<Secret> renewal(Secret current, Secret expected, Secret next) {
    assertThat(current).isEqualTo(expected);
    return Uni.createFrom().item(next);
  }

  private void login(RedisUsers users, Secret sessionKey) {
    var entry = new Entry("1".repeat(43), expiresAt);
    run(users.add(Logins.of(user, sessionKey), entry));
  }

  private void resume(RedisUsers users, Secret sessionKey, Duration age) {
    var entry = new Entry("3".repeat(43), expiresAt);
    run(users.add(Logins.resumed(user, sessionKey, age), entry));
  }

  private RedisUsers underThePreviousSecret() {
    var old =
        ConfiguredSeals.of(
            ConfiguredApps.one(RedisAndWechat.APPID, RedisAndWechat.PREVIOUS_SECRET));
    return new RedisUsers(hashes, old, clock);
  }

  private static <T> T run(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }
}
