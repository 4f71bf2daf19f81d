package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.RedisAndWechat;
import io.minilogin.Stopped;
import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.Secret;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.login.LoginClient;
import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisDump;
import io.minilogin.redis.RedisValues;
import io.minilogin.seal.ConfiguredSeals;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.RedisUserHash.Entry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class SessionsTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final Duration IDLE = Duration.ofHours(24);
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Inject Sessions store;
  @Inject NewSessions newSessions;
  @Inject RedisSessions inRedis;
  @Inject UserSessions ofUser;
  @Inject RedisUsers users;
  @Inject SessionLimits limits;
  @Inject RedisCommands commands;
  @Inject RedisValues values;
  @Inject Seals seals;
  @Inject SecureRandom random;
  @Inject MeterRegistry registry;
  @Inject Clock clock;
  @Inject RedisDump dump;
  @TestHTTPResource URI service;
  EmbeddedRedis redis;
  WechatSimulator wechat;

  /** A user that only this test uses. */
  private final String user = "dave" + COUNT.incrementAndGet();

  private LoginClient client;

  @BeforeEach
  void connect() {
    client = new LoginClient(service);
  }

  // The session key

  @Test
  void loginWithANewSessionKeyKeepsThePreviousKey() {
    login();
    var first = sessionKeyAtWechat();
    login();
    assertThat(sessionKey("k")).contains(sessionKeyAtWechat());
    assertThat(sessionKey("p")).contains(first);
  }

  @Test
  void loginWithTheSameSessionKeyKeepsThePreviousKey() {
    login();
    var first = sessionKeyAtWechat();
    login();
    var second = sessionKeyAtWechat();
    login("keep-key");
    assertThat(sessionKeyAtWechat()).isEqualTo(second);
    assertThat(sessionKey("k")).contains(second);
    assertThat(sessionKey("p")).contains(first);
  }

  @Test
  void firstSessionKeyHasNoPreviousKey() {
    login();
    login("keep-key");
    assertThat(sessionKey("k")).contains(sessionKeyAtWechat());
    assertThat(dump.hash(userKey())).doesNotContainKey("p");
  }

  // The index of the sessions of a user

  @Test
  void logoutRemovesTheSessionAndItsEntry() {
    var kept = login();
    var ended = login();
    assertThat(client.logout(ended).status()).isEqualTo(204);
    assertThat(dump.hash(userKey())).containsOnlyKeys("k", "t", "p", "u", id(kept));
    assertThat(dump.string("ml:s:" + id(ended))).isNull();
    assertThat(client.session(ended).status()).isEqualTo(401);
    assertThat(client.session(kept).status()).isEqualTo(200);
  }

  @Test
  void logoutEverywhereRemovesAllSessions() {
    var tokens = Stream.generate(() -> login()).limit(3).toList();
    assertThat(client.logoutEverywhere(tokens.get(0)).status()).isEqualTo(204);
    assertThat(tokens)
        .allSatisfy(token -> assertThat(client.session(token).status()).isEqualTo(401))
        .allSatisfy(token -> assertThat(dump.string("ml:s:" + id(token))).isNull());
    assertThat(dump.hash(userKey())).containsOnlyKeys("k", "t", "p", "u");
  }

  @Test
  void exceedingTheLimitEndsTheOldestSession() {
    var oldest = login();
    var second = login();
    var third = login();
    var newest = login();
    assertThat(client.session(oldest).status()).isEqualTo(401);
    assertThat(dump.hash(userKey()))
        .containsOnlyKeys("k", "t", "p", "u", id(second), id(third), id(newest));
    assertThat(client.session(second).status()).isEqualTo(200);
  }

  @Test
  void expiredSessionsDoNotCountTowardsTheLimit() {
    var oldest = create(storeOf(before(HOUR.multipliedBy(4)), limits));
    var idle = create(storeOf(before(HOUR.multipliedBy(3)), limits));
    var third = create(storeOf(before(HOUR.multipliedBy(2)), limits));
    dump.run("DEL", "ml:s:" + idle.id());
    var newest = create(newSessions);
    assertThat(found(oldest)).isTrue();
    assertThat(found(third)).isTrue();
    assertThat(found(newest)).isTrue();
    assertThat(dump.hash(userKey()))
        .containsOnlyKeys("k", "t", oldest.id(), third.id(), newest.id());
  }

  /** Otherwise another instance with another lifetime could mistake the entry for a leftover. */
  @Test
  void sessionIsSavedBeforeItsEntryIsWritten() {
    var saved = new AtomicReference<Boolean>();
    var watched =
        new RedisUsers(new RedisUserHash(commands, limits, clock), seals, clock) {
          @Override
          Uni<Known> add(Login login, Entry entry) {
            return inRedis
                .find(entry.id())
                .invoke(found -> saved.set(found.isPresent()))
                .chain(() -> super.add(login, entry));
          }
        };
    create(storeOf(watched));
    assertThat(saved).hasValue(true);
  }

  /** The older sessions end later than the new session. */
  @Test
  void shorterLifetimeDoesNotEndTheNewestSession() {
    for (int i = 0; i < RedisAndWechat.MAX_PER_USER; i++) {
      create(storeOf(before(HOUR), limits));
    }
    var newest = create(storeOf(clock, limits(HOUR, IDLE)));
    assertThat(found(newest)).isTrue();
  }

  @Test
  void nextLoginRemovesExpiredEntries() {
    var entry = new Entry(SessionToken.random(random).id(), clock.instant().minusSeconds(60));
    await(users.add(Logins.of(userId(), new Secret("key")), entry));
    login();
    assertThat(dump.hash(userKey())).doesNotContainKey(entry.id());
  }

  @Test
  void hashOfAUserKeepsTheCompactEncoding() {
    for (int i = 0; i < RedisAndWechat.MAX_PER_USER; i++) {
      login();
    }
    assertThat(dump.run("OBJECT", "ENCODING", userKey())).isIn("listpack", "ziplist");
  }

  @Test
  void indexLivesAsLongAsTheLatestSession() {
    login();
    assertThat(dump.timeToLive(userKey()))
        .isBetween(LIFETIME.minusMinutes(1).toMillis(), LIFETIME.toMillis());
    create(storeOf(clock, limits(HOUR, IDLE)));
    assertThat(dump.timeToLive(userKey())).isGreaterThan(LIFETIME.minusMinutes(1).toMillis());
  }

  // Use

  @Test
  void checkWithinTheSlackDoesNotWrite() {
    var token = login();
    var before = dump.commandCounts();
    for (int i = 0; i < 10; i++) {
      assertThat(client.session(token).status()).isEqualTo(200);
    }
    var after = dump.commandCounts();
    var used = after.keySet().stream().filter(c -> !after.get(c).equals(before.get(c))).toList();
    assertThat(used).isSubsetOf("getrange", "info", "hello", "ping", "client", "auth", "select");
    assertThat(after.get("getrange")).isEqualTo(before.getOrDefault("getrange", 0L) + 10);
  }

  @Test
  void useAfterTheSlackExtendsTheSession() {
    var token = create(storeOf(before(HOUR), limits));
    timeToLive(token.text(), IDLE.minusHours(1));
    assertThat(client.session(token.text()).status()).isEqualTo(200);
    assertThat(dump.timeToLive("ml:s:" + token.id())).isGreaterThan(IDLE.toMillis());
  }

  @Test
  void listOfSessionsHasTheDayOfTheLatestUse() {
    var yesterday = create(storeOf(before(Duration.ofDays(1)), limits));
    var today = create(newSessions);
    var now = LocalDate.now(clock.withZone(ZoneOffset.UTC));
    var day = now.toString();
    assertThat(await(ofUser.list(userId())))
        .extracting(UserSession::id, UserSession::lastUsed)
        .containsExactly(
            tuple(today.id(), day), tuple(yesterday.id(), now.minusDays(1).toString()));

    assertThat(found(yesterday)).isTrue();
    assertThat(await(ofUser.list(userId())))
        .extracting(UserSession::lastUsed)
        .containsExactly(day, day);
  }

  @Test
  void sessionThatEndsDuringAUseStaysEnded() {
    var token = create(newSessions);
    var used = await(inRedis.find(token.id())).orElseThrow();
    await(store.end(token, used.session().user()));
    await(inRedis.replace(token.id(), used, used.session(), HOUR));
    assertThat(dump.string("ml:s:" + token.id())).isNull();
  }

  @Test
  void useDoesNotOverwriteAConcurrentChange() {
    var token = create(newSessions);
    var used = await(inRedis.find(token.id())).orElseThrow();
    var later = used.session().usedAt(clock.instant().plusSeconds(60));
    await(inRedis.replace(token.id(), used, later, HOUR));
    await(inRedis.replace(token.id(), used, used.session().usedAt(Instant.EPOCH), HOUR));
    assertThat(await(inRedis.find(token.id())).orElseThrow().session()).isEqualTo(later);
  }

  // All sessions of a user

  @Test
  void endAllEndsSessionsSealedUnderThePreviousSecret() {
    var before = create(beforeTheRotation().newSessions());
    var after = create(newSessions);
    await(ofUser.endAll(userId(), Ending.THROWN_OUT));
    assertThat(found(before)).isFalse();
    assertThat(found(after)).isFalse();
    assertThat(await(ofUser.list(userId()))).isEmpty();
  }

  @Test
  void revocationNeedsNoSecretToUnsealTheSession() {
    var after = create(newSessions);
    await(beforeTheRotation().store().revoke(after));
    assertThat(found(after)).isFalse();
    await(store.revoke(after));
  }

  @Test
  void unavailableStoreLogsNobodyOut() {
    var token = login();
    try (var stopped = Stopped.redis(redis)) {
      var answer = client.session(token);
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.problem()).isEqualTo("store-unavailable");
    }
    assertThat(client.session(token).status()).isEqualTo(200);
  }

  @Test
  void sessionEndsWithItsLifetime() {
    var token = create(storeOf(before(LIFETIME.plusMillis(1)), limits));
    assertThat(found(token)).isFalse();
  }

  // Foreign values in Redis

  @Test
  void unreadableSessionsAreNotDeleted() {
    var token = login();
    dump.run("SET", "ml:s:" + id(token), "sealed under an unknown secret", "KEEPTTL");
    assertThat(client.session(token).status()).isEqualTo(401);
    assertThat(dump.string("ml:s:" + id(token))).isNotNull();
  }

  // Rotation of the app secret

  @Test
  void sessionUnderThePreviousSecretIsResealed() {
    var old = beforeTheRotation();
    var token = create(old.newSessions());
    assertThat(client.session(token.text()).status()).isEqualTo(200);

    var key = "ml:s:" + token.id();
    assertThat(seals.isOutdated(dump.string(key))).isFalse();
    assertThat(seals.unseal(Purpose.SESSION, key, dump.string(key))).isPresent();
    assertThat(dump.timeToLive(key)).isGreaterThan(IDLE.toMillis());
  }

  @Test
  void loginResealsTheDataOfTheUser() {
    var old = beforeTheRotation();
    create(old.newSessions(), Optional.of("u1"), "first");
    create(old.newSessions(), Optional.of("u1"), "second");
    create(newSessions, Optional.empty(), "second");

    assertThat(sessionKey("k")).contains("second");
    assertThat(sessionKey("p")).contains("first");
    assertThat(Stream.of("k", "p", "u").map(dump.hash(userKey())::get))
        .noneMatch(seals::isOutdated);
  }

  @Test
  void logoutEverywhereEndsSessionsUnderThePreviousSecret() {
    var before = create(beforeTheRotation().newSessions());
    var after = login();
    client.logoutEverywhere(after);
    assertThat(client.session(before.text()).status()).isEqualTo(401);
  }

  @Test
  void unionidUnderThePreviousSecretIsKept() {
    create(beforeTheRotation().newSessions(), Optional.of("u1"), "key");

    var after = create(newSessions, Optional.empty(), "key");
    assertThat(after.session().unionid()).contains("u1");
  }

  @Test
  void loginAfterTheRotationKeepsThePreviousSessionKey() {
    create(beforeTheRotation().newSessions());
    login();
    assertThat(sessionKey("k")).contains(sessionKeyAtWechat());
    assertThat(sessionKey("p")).contains("session-key");
  }

  /** Some instances still seal under the previous secret, others have switched. */
  @Test
  void allInstancesFindAllSessionsDuringTheDelay() {
    var old = beforeTheRotation();
    var delayed = duringTheDelay();
    var onOld = create(old.newSessions());
    var onDelayed = create(delayed.newSessions());
    var onSwitched = create(newSessions);

    assertThat(await(old.store().find(onDelayed))).isPresent();
    for (var instance : List.of(delayed.store(), store)) {
      for (var token : List.of(onOld, onDelayed, onSwitched)) {
        assertThat(await(instance.find(token))).isPresent();
      }
    }
    assertThat(await(delayed.ofUser().list(userId())))
        .extracting(UserSession::id)
        .containsExactlyInAnyOrder(onOld.id(), onDelayed.id(), onSwitched.id());
  }

  @Test
  void logoutEverywhereEndsAllSessionsDuringTheDelay() {
    var delayed = duringTheDelay();
    var first = create(newSessions);
    var second = create(delayed.newSessions());
    var third = create(newSessions);

    await(delayed.store().endAll(second, userId()));
    assertThat(Stream.of(first, second, third).filter(this::found)).isEmpty();
    assertThat(await(ofUser.list(userId()))).isEmpty();
    assertThat(dump.hash(userKey())).doesNotContainKeys(first.id(), third.id());
  }

  @Test
  void limitEndsTheOldestSessionDuringTheDelay() {
    var delayed = duringTheDelay();
    var oldest = create(storeOf(before(HOUR), limits));
    for (int i = 0; i < RedisAndWechat.MAX_PER_USER; i++) {
      create(delayed.newSessions());
    }
    assertThat(found(oldest)).isFalse();
    assertThat(await(delayed.ofUser().list(userId()))).hasSize(RedisAndWechat.MAX_PER_USER);
  }

  @Test
  void allInstancesShareTheDataOfAUserDuringTheDelay() {
    var delayed = duringTheDelay();
    create(newSessions, Optional.of("u1"), "first");
    assertThat(await(delayed.users().sessionKeys(userId())).all())
        .containsExactly(new Secret("first"));

    var session = create(delayed.newSessions(), Optional.empty(), "second");
    assertThat(session.session().unionid()).contains("u1");
    assertThat(await(delayed.users().sessionKeys(userId())).all())
        .containsExactly(new Secret("second"), new Secret("first"));

    await(delayed.unionids().learn(session.token(), session.session(), "u2"));
    assertThat(create(newSessions, Optional.empty(), "third").session())
        .extracting(Session::unionid)
        .isEqualTo(Optional.of("u2"));
  }

  @Test
  void sessionIsResealedOnlyAfterTheDelay() {
    var token = create(duringTheDelay().newSessions());
    var sealed = dump.string("ml:s:" + token.id());
    assertThat(await(duringTheDelay().store().find(token))).isPresent();
    assertThat(dump.string("ml:s:" + token.id())).isEqualTo(sealed);
    assertThat(found(token)).isTrue();
    assertThat(dump.string("ml:s:" + token.id())).isNotEqualTo(sealed);
  }

  private record Instance(
      Sessions store,
      NewSessions newSessions,
      UserSessions ofUser,
      Unionids unionids,
      RedisUsers users) {}

  /** Creates an instance that does not know the new secret yet. */
  private Instance beforeTheRotation() {
    return instance(
        ConfiguredSeals.of(
            ConfiguredApps.one(RedisAndWechat.APPID, RedisAndWechat.PREVIOUS_SECRET)));
  }

  /** Creates an instance that knows both secrets and still seals under the previous one. */
  private Instance duringTheDelay() {
    return instance(delayedSeals());
  }

  private static Seals delayedSeals() {
    return ConfiguredSeals.of(
        ConfiguredApps.rotated(
            RedisAndWechat.APPID, RedisAndWechat.PREVIOUS_SECRET, RedisAndWechat.SECRET));
  }

  private Instance instance(Seals seals) {
    var sessions = new RedisSessions(values, seals, registry);
    var users = new RedisUsers(new RedisUserHash(commands, limits, clock), seals, clock);
    var ofUser = new UserSessions(sessions, users, limits, clock);
    var unionids = new Unionids(sessions, users, ofUser);
    var store = new Sessions(sessions, users, ofUser, limits, registry, clock);
    var created =
        new NewSessions(sessions, users, ofUser, unionids, limits, random, registry, clock);
    return new Instance(store, created, ofUser, unionids, users);
  }

  private NewSessions storeOf(RedisUsers users) {
    return storeOf(users, limits, clock);
  }

  private NewSessions storeOf(Clock clock, SessionLimits limits) {
    var users = new RedisUsers(new RedisUserHash(commands, limits, clock), seals, clock);
    return storeOf(users, limits, clock);
  }

  private NewSessions storeOf(RedisUsers users, SessionLimits limits, Clock clock) {
    var ofUser = new UserSessions(inRedis, users, limits, clock);
    var unionids = new Unionids(inRedis, users, ofUser);
    return new NewSessions(inRedis, users, ofUser, unionids, limits, random, registry, clock);
  }

  private Clock before(Duration time) {
    return Clock.offset(clock, time.negated());
  }

  private static SessionLimits limits(Duration lifetime, Duration idleTimeout) {
    record Settings(Duration lifetime, Duration idleTimeout, int maxPerUser)
        implements SessionSettings {}
    return new SessionLimits(new Settings(lifetime, idleTimeout, RedisAndWechat.MAX_PER_USER));
  }

  private SessionToken create(NewSessions sessions) {
    return create(sessions, Optional.empty(), "session-key").token();
  }

  private NewSessions.Created create(
      NewSessions sessions, Optional<String> unionid, String sessionKey) {
    return Logins.create(sessions, Logins.of(userId(), unionid, new Secret(sessionKey)));
  }

  private boolean found(SessionToken token) {
    return await(store.find(token)).isPresent();
  }

  private String login(String... words) {
    var more = words.length == 0 ? "" : "." + String.join(".", words);
    return client.login(user + more + "." + COUNT.incrementAndGet()).token();
  }

  private void timeToLive(String token, Duration time) {
    dump.run("PEXPIRE", "ml:s:" + id(token), String.valueOf(time.toMillis()));
  }

  private Optional<String> sessionKey(String field) {
    return seals
        .unseal(Purpose.SESSION_KEY, userKey(), dump.hash(userKey()).get(field))
        .map(unsealed -> new String(unsealed.plaintext(), StandardCharsets.UTF_8));
  }

  private String sessionKeyAtWechat() {
    return wechat.sessionKeyOf(RedisAndWechat.APPID, user);
  }

  private String openid() {
    return wechat.openidOf(RedisAndWechat.APPID, user);
  }

  private UserId userId() {
    return new UserId(RedisAndWechat.APPID, openid());
  }

  private String userKey() {
    return "ml:u:" + userId().hash();
  }

  private static String id(String token) {
    return new SessionToken(token).id();
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }
}
