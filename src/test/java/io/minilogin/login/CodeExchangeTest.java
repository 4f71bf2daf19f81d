package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.RedisAndWechat;
import io.minilogin.Stopped;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.redis.InterruptedCommands;
import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisDump;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.NewSessions;
import io.minilogin.session.RedisBlocks;
import io.minilogin.session.SessionKeys;
import io.minilogin.session.Sessions;
import io.minilogin.session.UserId;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatGateway;
import io.minilogin.wechat.WechatOutcome;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class CodeExchangeTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final Duration LIFE_OF_A_CODE = Duration.ofMinutes(5);

  @Inject CodeExchange exchange;
  @Inject RedisCodes codes;
  @Inject WechatGateway gateway;
  @Inject Sessions sessions;
  @Inject NewSessions newSessions;
  @Inject RedisBlocks blocks;
  @Inject SessionKeys keys;
  @Inject MeterRegistry registry;
  @Inject SecureRandom random;
  @Inject Clock clock;
  @Inject WechatApps apps;
  @Inject Seals seals;
  @Inject RedisCommands commands;
  @Inject InterruptedCommands interrupted;
  @Inject RedisDump dump;
  @Inject Vertx vertx;
  @TestHTTPResource URI service;
  EmbeddedRedis redis;
  WechatSimulator wechat;
  private LoginClient client;

  @BeforeEach
  void connect() {
    client = new LoginClient(service);
  }

  // One code, one exchange

  @Test
  void callersOfACodeShareOneAttempt() {
    var code = code("carol.delay=100");
    var first = exchange.login(app(), code);
    var second = exchange.login(app(), code);
    var outcome = first.await().atMost(LONG);
    assertThat(first.await().atMost(LONG)).isSameAs(outcome);
    assertThat(second.await().atMost(LONG)).isSameAs(outcome);
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void instancesShareOneExchange() {
    var code = code("carol.delay=200");
    var outcomes =
        Uni.join()
            .all(
                exchange.login(app(), code),
                anotherInstance().login(app(), code),
                anotherInstance().login(app(), code))
            .andFailFast()
            .await()
            .atMost(LONG);
    assertThat(outcomes)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(LoginOutcome.LoggedIn.class))
        .extracting(outcome -> ((LoginOutcome.LoggedIn) outcome).token())
        .containsOnly(((LoginOutcome.LoggedIn) outcomes.get(0)).token());
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void cancelledCallerDoesNotEndTheAttempt() {
    var code = code("carol.delay=300");
    var hungUp = exchange.login(app(), code).subscribe().with(outcome -> {});
    await().until(() -> wechat.callsWith(code) == 1);
    hungUp.cancel();
    assertThat(client.login(code).status()).isEqualTo(200);
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  // The replay window

  @Test
  void repeatedCodeGetsTheFirstAnswer() {
    var code = code("carol");
    var first = client.login(code);
    assertThat(first.status()).isEqualTo(200);
    assertThat(client.login(code)).isEqualTo(first);
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"errcode=40029, code-invalid", "errcode=-1, wechat-busy", "close, wechat-failed"})
  void repeatedCodeGetsTheFirstRefusal(String words, String problem) {
    var code = code("carol." + words);
    var first = client.login(code);
    var second = client.login(code);
    assertThat(first.problem()).isEqualTo(problem);
    assertThat(second.problem()).isEqualTo(problem);
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(second.body().get("rid")).isEqualTo(first.body().get("rid"));
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void repeatedCodeOfABlockedUserGetsTheFirstRefusal() {
    var user = new UserId(RedisAndWechat.APPID, wechat.openidOf(RedisAndWechat.APPID, "blocked"));
    blocks.block(user, Optional.of(LONG), Optional.of("spam")).await().atMost(LONG);
    var code = code("blocked");
    var first = client.login(code);
    assertThat(first.status()).isEqualTo(403);
    assertThat(first.problem()).isEqualTo("user-blocked");
    assertThat(first.body().toString()).doesNotContain("spam");

    blocks.lift(user).await().atMost(LONG);
    var second = client.login(code);
    assertThat(second.problem()).isEqualTo("user-blocked");
    assertThat(second.body().get("until")).isEqualTo(first.body().get("until"));
    assertThat(wechat.callsWith(code)).isEqualTo(1);
    assertThat(client.login(code("blocked")).status()).isEqualTo(200);
  }

  @Test
  void repeatWithinTheWindowGetsTheFirstAnswer() {
    var code = code("carol");
    var first = client.login(code);
    setAgeOfAnswer(code, codes.replayWindow().minusSeconds(5));
    assertThat(client.login(code).token()).isEqualTo(first.token());
  }

  @Test
  void longerTimeToLiveInRedisDoesNotExtendTheWindow() {
    var code = code("carol");
    assertThat(client.login(code).status()).isEqualTo(200);
    setAgeOfAnswer(code, codes.replayWindow().plusMillis(1));
    dump.run("PEXPIRE", redisKey(code), String.valueOf(Duration.ofDays(1).toMillis()));
    assertThat(client.login(code).problem()).isEqualTo("code-used");
  }

  @Test
  void answerReplacesTheClaim() {
    var code = code("carol");
    client.login(code);
    assertThat(dump.keys("*" + key(code).text() + "*")).containsExactly(redisKey(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"errcode=40029", "errcode=40163"})
  void codeThatWechatRejectsForGoodIsForgottenSoon(String words) {
    var code = code("carol." + words);
    client.login(code);
    assertThat(dump.timeToLive(redisKey(code))).isBetween(1L, Duration.ofMinutes(1).toMillis());
  }

  @ParameterizedTest
  @ValueSource(strings = {"errcode=-1", "errcode=45011", "close"})
  void codeThatMayBeConsumedIsRememberedBeyondItsLifetime(String words) {
    var code = code("carol." + words);
    client.login(code);
    assertThat(dump.timeToLive(redisKey(code))).isGreaterThan(LIFE_OF_A_CODE.toMillis());
  }

  @Test
  void answerRecordedDuringALookupIsNotMistakenForAnOldClaim() {
    var code = key(code("carol"));
    var answer = new LoginOutcome.Refused(WechatOutcome.Refused.of(Refusal.BUSY));
    codes.claim(code, random.nextLong()).await().atMost(LONG);
    var values = interrupted.afterTheFirst(() -> codes.record(code, answer));

    assertThat(
            new RedisCodes(values, seals, codes::replayWindow, clock)
                .state(code)
                .await()
                .atMost(LONG))
        .isEqualTo(new RedisCodes.State.Answered(answer));
  }

  @Test
  void repeatAfterALogoutDoesNotLogInAgain() {
    var code = code("carol");
    client.logout(client.login(code).token());
    assertThat(client.login(code).problem()).isEqualTo("code-used");
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void codeClaimedByADeadInstanceTimesOutAndIsNotSent() {
    var code = code("carol");
    codes.claim(key(code), random.nextLong()).await().atMost(LONG);
    setAgeOfClaim(code, Duration.ofSeconds(6));
    assertThat(client.login(code).problem()).isEqualTo("wechat-timeout");
    assertThat(wechat.callsWith(code)).isZero();
  }

  // When Redis fails

  @Test
  void retrySavesASessionThatCouldNotBeSaved() {
    var code = loginThatRedisDoesNotSave("carol.delay=500");
    var retried = client.login(code);
    assertThat(retried.status()).isEqualTo(200);
    assertThat(client.session(retried.token()).status()).isEqualTo(200);
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  /** WeChat accepts only the session key that it issued last. */
  @Test
  void retryAfterANewerLoginKeepsTheNewerSessionKey() {
    var code = loginThatRedisDoesNotSave("walter.delay=500");
    assertThat(client.login(code("walter")).status()).isEqualTo(200);
    var newest = wechat.sessionKeyOf(RedisAndWechat.APPID, "walter");
    assertThat(client.login(code).status()).isEqualTo(200);
    var user = new UserId(RedisAndWechat.APPID, wechat.openidOf(RedisAndWechat.APPID, "walter"));
    assertThat(keys.find(user).await().atMost(LONG)).first().isEqualTo(new Secret(newest));
  }

  @Test
  void claimCopiedToAnotherCodeDoesNotYieldTheSession() {
    var code = loginThatRedisDoesNotSave("carol.delay=500");
    var forged = code("mallory");
    dump.run("COPY", redisKey(code), redisKey(forged));
    // The claim is older than a login, so no caller waits for its answer.
    setAgeOfClaim(forged, Duration.ofSeconds(6));
    assertThat(client.login(forged).status()).isNotEqualTo(200);
    assertThat(wechat.callsWith(forged)).isZero();
    assertThat(client.login(code).status()).isEqualTo(200);
  }

  @Test
  void retryRecordsARefusalThatCouldNotBeRecorded() {
    var code = loginThatRedisDoesNotSave("carol.delay=500.errcode=40029");
    assertThat(client.login(code).problem()).isEqualTo("code-invalid");
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  @Test
  void retryContinuesAClaimThatTimedOutButWasStored() {
    var code = code("carol");
    try (var stopped = Stopped.redis(redis)) {
      assertUnavailable(client.login(code));
    }
    await().until(() -> dump.string(redisKey(code)) != null);
    assertThat(wechat.callsWith(code)).isZero();
    assertThat(client.login(code).status()).isEqualTo(200);
    assertThat(wechat.callsWith(code)).isEqualTo(1);
  }

  /** Sends a login that WeChat answers and Redis does not save. Returns its code. */
  private String loginThatRedisDoesNotSave(String words) {
    var code = code(words);
    var first = client.loginLater(code);
    await().until(() -> wechat.callsWith(code) == 1);
    try (var stopped = Stopped.redis(redis)) {
      assertUnavailable(first.join());
    }
    return code;
  }

  private static void assertUnavailable(LoginClient.Answer answer) {
    assertThat(answer.problem()).isEqualTo("store-unavailable");
    assertThat(answer.status()).isEqualTo(503);
  }

  /** Creates the exchange of another instance of the service. */
  private CodeExchange anotherInstance() {
    var unfinished = new UnfinishedExchanges(clock, vertx);
    return new CodeExchange(
        codes,
        new RepeatedCode(codes, sessions, unfinished),
        gateway,
        newSessions,
        unfinished,
        registry,
        random,
        clock);
  }

  private void setAgeOfClaim(String code, Duration age) {
    var left = Duration.ofMinutes(10).plus(codes.replayWindow()).minus(age).toMillis();
    dump.run("PEXPIRE", redisKey(code), String.valueOf(left));
  }

  /** Seals the stored answer again with an earlier time. */
  private void setAgeOfAnswer(String code, Duration age) {
    var value = dump.string(redisKey(code));
    var unsealed = seals.unseal(Purpose.LOGIN_ANSWER, redisKey(code), value).orElseThrow();
    var packed = ByteBuffer.wrap(unsealed.plaintext());
    packed.putLong(1, clock.instant().minus(age).toEpochMilli());
    var sealed =
        seals.seal(
            RedisAndWechat.APPID, Purpose.LOGIN_ANSWER, redisKey(code), unsealed.plaintext());
    var set = Request.cmd(Command.SET).arg(redisKey(code)).arg(sealed).arg("KEEPTTL");
    commands.send(set).await().atMost(LONG);
  }

  private static String redisKey(String code) {
    return "ml:c:" + key(code).text();
  }

  private static CodeHash key(String code) {
    return CodeHash.of(RedisAndWechat.APPID, code);
  }

  private WechatApp app() {
    return apps.find(RedisAndWechat.APPID).orElseThrow();
  }

  private static String code(String words) {
    return words + ".exchange" + COUNT.incrementAndGet();
  }
}
