package io.minilogin.session;

import static io.minilogin.session.Logins.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.RedisAndWechat;
import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.Secret;
import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisDump;
import io.minilogin.seal.ConfiguredSeals;
import io.minilogin.seal.Seals;
import io.minilogin.session.RedisUserHash.Entry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class RedisBlocksTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final Duration YEARS = Duration.ofSeconds(315_360_000);
  private static final Secret KEY = new Secret("session-key");

  @Inject RedisBlocks blocks;
  @Inject NewSessions newSessions;
  @Inject Sessions sessions;
  @Inject UserSessions userSessions;
  @Inject RedisSessions inRedis;
  @Inject RedisUsers users;
  @Inject RedisUserHash hashes;
  @Inject RedisCommands commands;
  @Inject Unionids unionids;
  @Inject SessionLimits limits;
  @Inject Seals seals;
  @Inject SecureRandom random;
  @Inject MeterRegistry registry;
  @Inject RedisDump dump;
  @Inject Clock clock;

  /** A user that only this test uses. */
  private final UserId user = new UserId(RedisAndWechat.APPID, "o" + UUID.randomUUID());

  private final String key = "ml:u:" + user.hash();

  // The block

  @Test
  void blockHasItsTimesAndItsReason() {
    var before = clock.instant();
    block(HOUR, "spam 🧨 刷单");
    var found = await(blocks.find(user)).orElseThrow();
    assertThat(found.since().orElseThrow()).isBetween(before.minusSeconds(1), clock.instant());
    assertThat(found.until().orElseThrow())
        .isBetween(before.plus(HOUR).minusMillis(1), clock.instant().plus(HOUR));
    assertThat(found.reason()).contains("spam 🧨 刷单");
  }

  @Test
  void blockMayHaveNoEndAndNoReason() {
    await(blocks.block(user, Optional.empty(), Optional.empty()));
    var found = await(blocks.find(user)).orElseThrow();
    assertThat(found.since()).isPresent();
    assertThat(found.until()).isEmpty();
    assertThat(found.reason()).isEmpty();
  }

  @Test
  void secondBlockReplacesTheFirst() {
    block(HOUR, "first");
    await(blocks.block(user, Optional.empty(), Optional.of("second")));
    assertThat(await(blocks.find(user)).orElseThrow())
        .extracting(Block::until, Block::reason)
        .containsExactly(Optional.empty(), Optional.of("second"));
    block(HOUR, "third");
    assertThat(await(blocks.find(user)).orElseThrow().until()).isPresent();
  }

  @Test
  void liftedBlockIsGone() {
    block(HOUR, "spam");
    assertThat(await(blocks.lift(user))).isTrue();
    assertThat(await(blocks.find(user))).isEmpty();
    assertThat(dump.keys(key)).isEmpty();
    assertThat(await(blocks.lift(user))).isFalse();
    assertThat(dump.keys(key)).isEmpty();
  }

  @Test
  void reasonIsSealed() {
    block(HOUR, "spam");
    assertThat(new String(dump.hash(key).get("r"), ISO_8859_1)).doesNotContain("spam");
  }

  @Test
  void longestReasonCanBeRead() {
    var reason = "🧨".repeat(200);
    block(HOUR, reason);
    assertThat(await(blocks.find(user)).orElseThrow().reason()).contains(reason);
  }

  // Logins

  @Test
  void loginOfABlockedUserSavesNoSession() {
    block(HOUR, "spam");
    var before = dump.keys("ml:s:*");
    var blocked = (NewSessions.Blocked) await(newSessions.create(Logins.of(user, KEY)));
    assertThat(blocked.until()).isPresent();
    assertThat(dump.keys("ml:s:*")).hasSameElementsAs(before);
    assertThat(dump.hash(key)).containsOnlyKeys("b", "r");
  }

  @Test
  void loginAfterTheEndRemovesTheBlock() {
    block(HOUR, "spam");
    dump.run("HSET", key, "b", String.valueOf(clock.millis() - 1));
    assertThat(await(blocks.find(user))).isEmpty();
    dump.run("HSET", key, "b", String.valueOf(clock.millis() - 1), "r", "x");
    var session = login();
    assertThat(dump.hash(key)).containsOnlyKeys("k", "t", session.token().id());
  }

  @Test
  void loginAfterTheLiftingSucceeds() {
    await(blocks.block(user, Optional.empty(), Optional.empty()));
    await(blocks.lift(user));
    assertThat(await(sessions.find(login().token()))).isPresent();
  }

  /** Refunds of a blocked user are signed. */
  @Test
  void blockKeepsTheSessionKeys() {
    login();
    block(HOUR, "spam");
    assertThat(await(users.sessionKeys(user)).all()).containsExactly(KEY);
  }

  // Races with a login

  @Test
  void blockBetweenSavingAndAddingASessionLeavesNone() {
    var before = dump.keys("ml:s:*");
    var racing =
        racing(
            () -> blocks.block(user, Optional.empty(), Optional.empty()).chain(this::endAll),
            Optional.empty());
    assertThat(await(racing.create(Logins.of(user, KEY))))
        .isEqualTo(new NewSessions.Blocked(Optional.empty()));
    assertThat(dump.keys("ml:s:*")).hasSameElementsAs(before);
  }

  @Test
  void blockBeforeTheSessionIsCompleteLeavesNone() {
    create(Optional.of("u1"));
    await(endAll());
    var before = dump.keys("ml:s:*");
    var racing =
        racing(
            Uni.createFrom()::voidItem,
            Optional.of(
                () -> blocks.block(user, Optional.empty(), Optional.empty()).chain(this::endAll)));
    assertThat(await(racing.create(Logins.of(user, KEY))))
        .isEqualTo(new NewSessions.Blocked(Optional.empty()));
    assertThat(dump.keys("ml:s:*")).hasSameElementsAs(before);
  }

  @Test
  void logoutEverywhereBeforeTheSessionIsCompleteLeadsToAnotherSession() {
    create(Optional.of("u1"));
    await(endAll());
    var before = dump.keys("ml:s:*");
    var racing = racing(Uni.createFrom()::voidItem, Optional.of(this::endAll));
    var created = Logins.create(racing, Logins.of(user, KEY));
    assertThat(await(sessions.find(created.token())).orElseThrow().unionid()).contains("u1");
    assertThat(dump.keys("ml:s:*")).hasSize(before.size() + 1);
  }

  // Time to live

  @Test
  void blockWithoutEndNeverExpires() {
    login();
    await(blocks.block(user, Optional.empty(), Optional.empty()));
    assertThat(dump.timeToLive(key)).isEqualTo(-1);
  }

  @Test
  void blockExtendsTheTimeToLiveAndNeverShortensIt() {
    login();
    block(HOUR, "spam");
    assertTimeToLive(LIFETIME);
    block(YEARS, "spam");
    assertTimeToLive(YEARS);
  }

  @Test
  void blockOfAnUnknownUserExpiresAtItsEnd() {
    block(HOUR, "spam");
    assertTimeToLive(HOUR);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 315_360_000})
  void liftingResetsTheTimeToLive(long seconds) {
    login();
    var time = Optional.of(Duration.ofSeconds(seconds)).filter(each -> !each.isZero());
    await(blocks.block(user, time, Optional.empty()));
    await(blocks.lift(user));
    assertTimeToLive(LIFETIME);
  }

  /** An instance with a longer lifetime has added a session, and the block could not end it. */
  @Test
  void liftingKeepsTheTimeThatSessionsNeed() {
    var expiry = clock.instant().plus(LIFETIME.multipliedBy(100));
    await(users.add(Logins.of(user, KEY), new Entry("1".repeat(43), expiry)));
    await(blocks.block(user, Optional.empty(), Optional.empty()));
    await(blocks.lift(user));
    assertTimeToLive(LIFETIME.multipliedBy(100));
  }

  @Test
  void blockWithAnEndAfterABlockWithoutEndExpires() {
    await(blocks.block(user, Optional.empty(), Optional.empty()));
    block(YEARS, "spam");
    assertTimeToLive(YEARS);
  }

  @Test
  void loginAfterTheEndSetsATimeToLive() {
    await(blocks.block(user, Optional.empty(), Optional.empty()));
    dump.run("HSET", key, "b", String.valueOf(clock.millis() - 1));
    login();
    assertTimeToLive(LIFETIME);
  }

  // Secrets and garbage

  @Test
  void readingABlockSealsItsDetailsAgain() {
    await(beforeTheRotation().block(user, Optional.empty(), Optional.of("spam")));
    assertThat(seals.isOutdated(dump.hash(key).get("r"))).isTrue();
    assertThat(await(blocks.find(user)).orElseThrow().reason()).contains("spam");
    assertThat(seals.isOutdated(dump.hash(key).get("r"))).isFalse();
    assertThat(await(blocks.find(user)).orElseThrow().reason()).contains("spam");
  }

  @Test
  void blockWhoseDetailsCannotBeUnsealedIsStillABlock() {
    await(blocks.block(user, Optional.empty(), Optional.of("spam")));
    for (var details : new String[] {"", "x", "x".repeat(500)}) {
      dump.run("HSET", key, "r", details);
      assertThat(await(blocks.find(user)))
          .contains(new Block(Optional.empty(), Optional.empty(), Optional.empty()));
    }
  }

  @Test
  void detailsOfAnotherUserAreNotRead() {
    await(blocks.block(user, Optional.empty(), Optional.of("spam")));
    var other = new UserId(RedisAndWechat.APPID, "o" + UUID.randomUUID());
    dump.run("RENAME", key, "ml:u:" + other.hash());
    assertThat(await(blocks.find(other)).orElseThrow().reason()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "1e18", "nan", "0x10", " 1", "9999999999999999999999"})
  void garbageIsNotABlock(String end) {
    dump.run("HSET", key, "b", end, "r", "x");
    assertThat(await(blocks.find(user))).isEmpty();
    dump.run("HSET", key, "b", end, "r", "x");
    assertThat(await(sessions.find(login().token()))).isPresent();
    assertThat(dump.hash(key)).doesNotContainKeys("b", "r");
  }

  @Test
  void anyBlockInRedisCanBeLifted() {
    for (var end : new String[] {"0", "000", "999999999999999", "x".repeat(5000)}) {
      dump.run("HSET", key, "b", end);
      await(blocks.lift(user));
      assertThat(await(blocks.find(user))).isEmpty();
    }
    dump.run("SET", key, "x");
    block(HOUR, "spam");
    assertThat(await(blocks.find(user))).isPresent();
  }

  private void block(Duration time, String reason) {
    await(blocks.block(user, Optional.of(time), Optional.of(reason)));
  }

  private NewSessions.Created login() {
    return create(Optional.empty());
  }

  private NewSessions.Created create(Optional<String> unionid) {
    return Logins.create(newSessions, Logins.of(user, unionid, KEY));
  }

  private Uni<Void> endAll() {
    return userSessions.endAll(user, Ending.BLOCKED).replaceWithVoid();
  }

  private void assertTimeToLive(Duration expected) {
    assertThat(dump.timeToLive(key))
        .isBetween(expected.minusMinutes(1).toMillis(), expected.toMillis());
  }

  private RedisBlocks beforeTheRotation() {
    var old =
        ConfiguredSeals.of(
            ConfiguredApps.one(RedisAndWechat.APPID, RedisAndWechat.PREVIOUS_SECRET));
    return new RedisBlocks(commands, hashes, old, limits, clock);
  }

  /**
   * Creates sessions while other calls run.
   *
   * @param afterSaving runs after a session was saved and before its entry is added
   * @param afterAdding runs once, after the first entry was added
   */
  private NewSessions racing(
      Supplier<Uni<Void>> afterSaving, Optional<Supplier<Uni<Void>>> afterAdding) {
    var watched =
        new RedisUsers(hashes, seals, clock) {
          private Optional<Supplier<Uni<Void>>> next = afterAdding;

          @Override
          Uni<Known> add(Login login, Entry entry) {
            var then = next.orElse(Uni.createFrom()::voidItem);
            next = Optional.empty();
            return afterSaving.get().chain(() -> super.add(login, entry)).call(known -> then.get());
          }
        };
    return new NewSessions(
        inRedis, watched, userSessions, unionids, limits, random, registry, clock);
  }
}
