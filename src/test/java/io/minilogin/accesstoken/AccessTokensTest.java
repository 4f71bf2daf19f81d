package io.minilogin.accesstoken;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.problem.ProblemException;
import io.minilogin.redis.RedisDump;
import io.minilogin.redis.RedisLock;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatGateway;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatTelemetry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** The clocks of the instances can differ from the clock of WeChat. */
@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class AccessTokensTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration DUE = Duration.ofMinutes(115);
  private static final Duration EXPIRED = Duration.ofHours(2);
  private static final String STABLE_TOKEN = "/cgi-bin/stable_token";
  private static final String KEY = "ml:t:" + RedisAndWechat.APPID;
  private static final String LOCK = "ml:l:t:" + RedisAndWechat.APPID;

  @Inject WechatGateway gateway;
  @Inject RedisAccessTokens stored;
  @Inject RedisLock lock;
  @Inject WechatTelemetry watch;
  @Inject Clock clock;
  @Inject WechatApps apps;
  @Inject RedisDump dump;
  @Inject Seals seals;
  WechatSimulator wechat;

  private int before;

  @BeforeEach
  void forget() {
    dump.run("DEL", KEY, LOCK);
    before = wechat.requests(STABLE_TOKEN).size();
  }

  @AfterEach
  void behave() {
    wechat.provoke(STABLE_TOKEN, "");
  }

  // One token for all

  @Test
  void firstCallGetsATokenAndOtherInstancesReuseIt() {
    var first = used(tokens(Duration.ZERO));
    assertThat(first).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(first);
    assertThat(issued()).isEqualTo(1);
  }

  @Test
  void tokenIsSealedInRedis() {
    var token = used(tokens(Duration.ZERO));
    assertThat(new String(dump.string(KEY), ISO_8859_1)).doesNotContain(token);
    assertThat(dump.timeToLive(KEY)).isPositive();
    assertThat(seals.unseal(Purpose.ACCESS_TOKEN, "ml:t:another", dump.string(KEY))).isEmpty();
    assertThat(seals.unseal(Purpose.SESSION, KEY, dump.string(KEY))).isEmpty();
  }

  @Test
  void valueThatCannotBeUnsealedIsIgnored() {
    dump.run("SET", KEY, "not ours", "PX", "60000");
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
  }

  // When WeChat rejects the token

  @Test
  void callWithARejectedTokenIsRetriedWithANewToken() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    var tried = new ArrayList<String>();
    run(tokens(Duration.ZERO), refusing(old, tried));
    assertThat(tried).containsExactly(old, wechat.accessTokenOf(RedisAndWechat.APPID));
    assertThat(tried).doesNotHaveDuplicates();
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void callIsRetriedOnlyOnce() {
    var tried = new ArrayList<String>();
    var outcome =
        run(
            tokens(Duration.ZERO),
            token -> {
              tried.add(token.reveal());
              wechat.expireAccessToken(RedisAndWechat.APPID);
              return refused(Refusal.TOKEN_REJECTED);
            });
    assertThat(outcome.isRefused(Refusal.TOKEN_REJECTED)).isTrue();
    assertThat(tried).hasSize(2);
  }

  @Test
  void lateFailureDoesNotReplaceTheFreshToken() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    var failLate = new CompletableFuture<Void>();
    var tried = new ArrayList<String>();
    var late =
        tokens(Duration.ZERO)
            .use(
                app(),
                "a call",
                token -> {
                  tried.add(token.reveal());
                  return token.reveal().equals(old)
                      ? Uni.createFrom()
                          .completionStage(failLate)
                          .chain(() -> AccessTokensTest.<String>refused(Refusal.TOKEN_REJECTED))
                      : answered(token.reveal());
                })
            .map(WechatOutcome::orThrow)
            .subscribeAsCompletionStage();
    await().until(() -> !tried.isEmpty());
    run(tokens(Duration.ZERO), refusing(old, new ArrayList<>()));
    var fresh = wechat.accessTokenOf(RedisAndWechat.APPID);
    failLate.complete(null);
    assertThat(end(late)).isEqualTo(fresh);
    assertThat(issued()).isEqualTo(2);
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(fresh);
  }

  @Test
  void otherFailuresAreReturnedToTheCaller() {
    var outcome = run(tokens(Duration.ZERO), token -> refused(Refusal.CODE_INVALID));
    assertThat(outcome.isRefused(Refusal.CODE_INVALID)).isTrue();
    assertThat(issued()).isEqualTo(1);
  }

  // Five minutes before it expires

  @Test
  void tokenIsRefreshedFiveMinutesBeforeItExpires() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    assertThat(used(tokens(DUE.minusSeconds(10)))).isEqualTo(old);
    assertThat(used(tokens(DUE)))
        .isNotEqualTo(old)
        .isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void otherCallersUseTheOldTokenDuringARefresh() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    wechat.provoke(STABLE_TOKEN, "delay=2000");
    var one = tokens(DUE);
    use(one).subscribeAsCompletionStage();
    await().until(() -> issued() == 2);
    assertThat(used(one)).as("on the same instance").isEqualTo(old);
    assertThat(used(tokens(DUE))).as("on another instance").isEqualTo(old);
    await().until(() -> dump.keys(LOCK).isEmpty());
    assertThat(used(one)).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID)).isNotEqualTo(old);
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void callerThatRefreshesEarlyDoesNotWaitForASlowRefresh() {
    var old = used(tokens(Duration.ZERO));
    wechat.provoke(STABLE_TOKEN, "delay=10000");
    assertThat(used(tokens(DUE))).isEqualTo(old);
    assertThat(dump.keys(LOCK)).as("lock of the attempt, which takes 3 s").isNotEmpty();
    await().until(() -> dump.keys(LOCK).isEmpty());
  }

  @Test
  void failedEarlyRefreshIsHarmlessAndRetriedLater() {
    var old = used(tokens(Duration.ZERO));
    wechat.provoke(STABLE_TOKEN, "status=500");
    for (int i = 0; i < 5; i++) {
      assertThat(used(tokens(DUE))).isEqualTo(old);
    }
    assertThat(issued()).isEqualTo(2);
    assertThat(used(tokens(DUE.plusSeconds(20)))).isEqualTo(old);
    assertThat(issued()).isEqualTo(3);
  }

  // When there is no valid token

  @Test
  void expiredTokenIsReplaced() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    assertThat(used(tokens(EXPIRED))).isNotEqualTo(old);
  }

  @Test
  void callWithoutATokenFailsLikeTheRefresh() {
    wechat.provoke(STABLE_TOKEN, "errcode=45009");
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> used(tokens(Duration.ZERO)))
        .matches(
            e ->
                e.problem()
                    .equals(
                        Refusal.DAY_QUOTA
                            .problem()
                            .fromWechat(e.problem().errcode(), e.problem().rid())));
    assertThat(dump.keys(LOCK)).isEmpty();
  }

  @Test
  void callerWithoutATokenWaitsForTheRefreshingInstance() {
    wechat.provoke(STABLE_TOKEN, "delay=500");
    var one = use(tokens(Duration.ZERO)).subscribeAsCompletionStage();
    var other = use(tokens(Duration.ZERO)).subscribeAsCompletionStage();
    assertThat(end(one)).isEqualTo(end(other));
    assertThat(issued()).isEqualTo(1);
  }

  @Test
  void refreshContinuesAfterTheLockOfADeadInstanceExpires() {
    dump.run("SET", LOCK, "an owner that died", "PX", "300");
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
  }

  /** Creates an instance whose clock is ahead by the duration. */
  private AccessTokens tokens(Duration ahead) {
    var time = Clock.offset(clock, ahead);
    var refresh = new AccessTokenRefresh(gateway, watch, stored, lock, time);
    return new AccessTokens(stored, refresh, new TokenEvidence(), time);
  }

  private Uni<String> use(AccessTokens tokens) {
    return tokens
        .use(app(), "a call", token -> answered(token.reveal()))
        .map(WechatOutcome::orThrow);
  }

  private String used(AccessTokens tokens) {
    return use(tokens).await().atMost(LONG);
  }

  private static String end(CompletableFuture<String> stage) {
    return Uni.createFrom().completionStage(stage).await().atMost(LONG);
  }

  private <T> WechatOutcome<T> run(
      AccessTokens tokens, Function<Secret, Uni<WechatOutcome<T>>> call) {
    return tokens.use(app(), "a call", call).await().atMost(LONG);
  }

  /** Returns a call that WeChat rejects with this token. */
  private static Function<Secret, Uni<WechatOutcome<String>>> refusing(
      String token, List<String> tried) {
    return given -> {
      tried.add(given.reveal());
      return given.reveal().equals(token) ? refused(Refusal.TOKEN_REJECTED) : answered("done");
    };
  }

  private static <T> Uni<WechatOutcome<T>> answered(T value) {
    return Uni.createFrom().item(new WechatOutcome.Success<>(value));
  }

  private static <T> Uni<WechatOutcome<T>> refused(Refusal refusal) {
    return Uni.createFrom().item(WechatOutcome.Refused.of(refusal));
  }

  /** Returns the number of token requests since the test began. */
  private int issued() {
    return wechat.requests(STABLE_TOKEN).size() - before;
  }

  private WechatApp app() {
    return apps.find(RedisAndWechat.APPID).orElseThrow();
  }
}
