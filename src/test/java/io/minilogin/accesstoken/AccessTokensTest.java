package io.minilogin.accesstoken;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.RedisAndWechat;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.redis.RedisDump;
import io.minilogin.redis.RedisLock;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCallException;
import io.minilogin.wechat.WechatGateway;
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

/** Instances whose clocks differ from WeChat's, as far as a test needs it. */
@QuarkusTest
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
  @Inject MeterRegistry registry;
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
  void theFirstCallHasATokenIssuedAndOthersUseIt() {
    var first = used(tokens(Duration.ZERO));
    assertThat(first).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(first);
    assertThat(issued()).isEqualTo(1);
  }

  @Test
  void whoReadsRedisDoesNotLearnIt() {
    var token = used(tokens(Duration.ZERO));
    assertThat(new String(dump.string(KEY), ISO_8859_1)).doesNotContain(token);
    assertThat(dump.timeToLive(KEY)).isPositive();
    assertThat(seals.open(Purpose.ACCESS_TOKEN, "ml:t:another", dump.string(KEY))).isEmpty();
    assertThat(seals.open(Purpose.SESSION, KEY, dump.string(KEY))).isEmpty();
  }

  @Test
  void whatDoesNotOpenIsNoToken() {
    dump.run("SET", KEY, "not ours", "PX", "60000");
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
  }

  // When WeChat refuses it

  @Test
  void aCallWhoseTokenIsRefusedIsMadeOnceMoreWithAnother() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    var tried = new ArrayList<String>();
    run(tokens(Duration.ZERO), refusing(old, tried));
    assertThat(tried).containsExactly(old, wechat.accessTokenOf(RedisAndWechat.APPID));
    assertThat(tried).doesNotHaveDuplicates();
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void itIsNotMadeAThirdTime() {
    var tried = new ArrayList<String>();
    assertThatExceptionOfType(RefusedCallException.class)
        .isThrownBy(
            () ->
                run(
                    tokens(Duration.ZERO),
                    token -> {
                      tried.add(token.reveal());
                      wechat.expireAccessToken(RedisAndWechat.APPID);
                      return refused();
                    }))
        .matches(RefusedCallException.because(Refusal.TOKEN_REJECTED)::test);
    assertThat(tried).hasSize(2);
  }

  @Test
  void aLateFailureLeavesTheFreshTokenAlone() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    var failLate = new CompletableFuture<Void>();
    var tried = new ArrayList<String>();
    var late =
        tokens(Duration.ZERO)
            .use(
                app(),
                token -> {
                  tried.add(token.reveal());
                  return token.reveal().equals(old)
                      ? Uni.createFrom().completionStage(failLate).chain(AccessTokensTest::refused)
                      : Uni.createFrom().item(token.reveal());
                })
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
  void anyOtherFailureIsTheCallers() {
    assertThatExceptionOfType(RefusedCallException.class)
        .isThrownBy(
            () ->
                run(
                    tokens(Duration.ZERO),
                    token ->
                        Uni.createFrom().failure(new RefusedCallException(Refusal.CODE_INVALID))))
        .matches(RefusedCallException.because(Refusal.CODE_INVALID)::test);
    assertThat(issued()).isEqualTo(1);
  }

  // Five minutes before it expires

  @Test
  void anotherIsHadFiveMinutesEarly() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    assertThat(used(tokens(DUE.minusSeconds(10)))).isEqualTo(old);
    assertThat(used(tokens(DUE)))
        .isNotEqualTo(old)
        .isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void theOthersGoOnWithTheOldOneMeanwhile() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    wechat.provoke(STABLE_TOKEN, "delay=2000");
    var one = tokens(DUE);
    use(one).subscribeAsCompletionStage();
    await().until(() -> issued() == 2);
    assertThat(used(one)).as("on the same instance").isEqualTo(old);
    assertThat(used(tokens(DUE))).as("on another").isEqualTo(old);
    await().until(() -> dump.keys(LOCK).isEmpty());
    assertThat(used(one)).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID)).isNotEqualTo(old);
    assertThat(issued()).isEqualTo(2);
  }

  @Test
  void whoRefreshesDoesNotWaitForLongEither() {
    var old = used(tokens(Duration.ZERO));
    wechat.provoke(STABLE_TOKEN, "delay=10000");
    assertThat(used(tokens(DUE))).isEqualTo(old);
    assertThat(dump.keys(LOCK)).as("the attempt, which takes 3 s").isNotEmpty();
    await().until(() -> dump.keys(LOCK).isEmpty());
  }

  @Test
  void anEarlyAttemptThatFailsHurtsNobodyAndIsNotRepeatedAtOnce() {
    var old = used(tokens(Duration.ZERO));
    wechat.provoke(STABLE_TOKEN, "status=500");
    for (int i = 0; i < 5; i++) {
      assertThat(used(tokens(DUE))).isEqualTo(old);
    }
    assertThat(issued()).isEqualTo(2);
    assertThat(used(tokens(DUE.plusSeconds(20)))).isEqualTo(old);
    assertThat(issued()).isEqualTo(3);
  }

  @Test
  void anEarlyAttemptThatFailsDoesNotMakeARefusedTokenGoodAgain() {
    var old = used(tokens(Duration.ZERO));
    wechat.provoke(STABLE_TOKEN, "delay=2000.status=500");
    use(tokens(DUE)).subscribeAsCompletionStage();
    await().until(() -> issued() == 2);
    stored.reject(RedisAndWechat.APPID, new Secret(old)).await().atMost(LONG);
    await().until(() -> dump.keys(LOCK).isEmpty());
    assertThat(stored.find(RedisAndWechat.APPID).await().atMost(LONG))
        .hasValueSatisfying(token -> assertThat(token.rejected()).isTrue());
  }

  // When there is no good one

  @Test
  void anExpiredOneIsReplaced() {
    var old = used(tokens(Duration.ZERO));
    wechat.expireAccessToken(RedisAndWechat.APPID);
    assertThat(used(tokens(EXPIRED))).isNotEqualTo(old);
  }

  @Test
  void withoutAnyTheCallFailsAsTheRefreshDoes() {
    wechat.provoke(STABLE_TOKEN, "errcode=45009");
    assertThatExceptionOfType(RefusedCallException.class)
        .isThrownBy(() -> used(tokens(Duration.ZERO)))
        .matches(RefusedCallException.because(Refusal.DAY_QUOTA)::test);
    assertThat(dump.keys(LOCK)).isEmpty();
  }

  @Test
  void whoNeedsOneWaitsForTheInstanceThatIsAtIt() {
    wechat.provoke(STABLE_TOKEN, "delay=500");
    var one = use(tokens(Duration.ZERO)).subscribeAsCompletionStage();
    var other = use(tokens(Duration.ZERO)).subscribeAsCompletionStage();
    assertThat(end(one)).isEqualTo(end(other));
    assertThat(issued()).isEqualTo(1);
  }

  @Test
  void anInstanceThatDiedAtItIsWaitedForFiveSecondsAtMost() {
    dump.run("SET", LOCK, "an owner that died", "PX", "300");
    assertThat(used(tokens(Duration.ZERO))).isEqualTo(wechat.accessTokenOf(RedisAndWechat.APPID));
  }

  /** An instance whose clock is ahead by so much. */
  private AccessTokens tokens(Duration ahead) {
    var time = Clock.offset(clock, ahead);
    var refresh = new AccessTokenRefresh(gateway, stored, lock, registry, time);
    return new AccessTokens(stored, refresh, time);
  }

  private Uni<String> use(AccessTokens tokens) {
    return tokens.use(app(), token -> Uni.createFrom().item(token.reveal()));
  }

  private String used(AccessTokens tokens) {
    return use(tokens).await().atMost(LONG);
  }

  private static String end(CompletableFuture<String> stage) {
    return Uni.createFrom().completionStage(stage).await().atMost(LONG);
  }

  private <T> T run(AccessTokens tokens, Function<Secret, Uni<T>> call) {
    return tokens.use(app(), call).await().atMost(LONG);
  }

  /** A call that WeChat refuses with this token. */
  private static Function<Secret, Uni<String>> refusing(String token, List<String> tried) {
    return given -> {
      tried.add(given.reveal());
      return given.reveal().equals(token) ? refused() : Uni.createFrom().item("done");
    };
  }

  private static Uni<String> refused() {
    return Uni.createFrom().failure(new RefusedCallException(Refusal.TOKEN_REJECTED));
  }

  /** How often a token was asked for since the test began. */
  private int issued() {
    return wechat.requests(STABLE_TOKEN).size() - before;
  }

  private WechatApp app() {
    return apps.find(RedisAndWechat.APPID).orElseThrow();
  }
}
