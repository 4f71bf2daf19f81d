package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.RedisAndWechat;
import io.minilogin.app.Secret;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.redis.RedisDump;
import io.minilogin.redis.StoppedRedis;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.wechat.ExchangeOutcome.Exchanged;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(RedisAndWechat.class)
class UnionidsTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject Unionids unionids;
  @Inject SessionStore store;
  @Inject RedisDump dump;
  EmbeddedRedis redis;

  private final String openid = "o" + UUID.randomUUID();

  @Test
  void allSessionsOfTheUserLearnIt() {
    var phone = open(Optional.empty());
    var tablet = open(Optional.of("u-before"));
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(unionid(phone.token())).contains("u-1");
    assertThat(unionid(tablet.token())).contains("u-1");
  }

  @Test
  void itIsNoUseOfThem() {
    var phone = open(Optional.empty());
    var key = "ml:s:" + phone.token().id();
    dump.run("PEXPIRE", key, "60000");
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(dump.timeToLive(key)).isBetween(1L, 60_000L);
  }

  @Test
  void oneThatIsKnownIsNotWrittenAgain() {
    var phone = open(Optional.of("u-1"));
    var before = dump.string("ml:s:" + phone.token().id());
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(dump.string("ml:s:" + phone.token().id())).isEqualTo(before);
  }

  @Test
  void aSessionThatEndedMeanwhileStaysEnded() {
    var phone = open(Optional.empty());
    run(store.close(phone.token(), phone.session()));
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(run(store.find(phone.token()))).isEmpty();
    assertThat(dump.keys("ml:s:" + phone.token().id())).isEmpty();
  }

  @Test
  void withoutTheStoreItFailsAndCanBeRepeated() {
    var phone = open(Optional.empty());
    try (var stopped = StoppedRedis.stop(redis)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> run(unionids.learn(phone.token(), phone.session(), "u-1")));
    }
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(unionid(phone.token())).contains("u-1");
  }

  private SessionStore.Opened open(Optional<String> unionid) {
    var user = new Exchanged(openid, unionid, new Secret("key"));
    return run(store.open(RedisAndWechat.APPID, user));
  }

  private Optional<String> unionid(SessionToken token) {
    return run(store.find(token)).orElseThrow().unionid();
  }

  private static <T> T run(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }
}
