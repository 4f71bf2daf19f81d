package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.Stopped;
import io.minilogin.app.Secret;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.redis.RedisDump;
import io.minilogin.redis.StoreUnavailableException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class LearntUnionidTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject Unionids unionids;
  @Inject Sessions store;
  @Inject NewSessions newSessions;
  @Inject RedisDump dump;
  EmbeddedRedis redis;

  private final String openid = "o" + UUID.randomUUID();

  @Test
  void allSessionsOfTheUserGetALearntUnionid() {
    var phone = create(Optional.empty());
    var tablet = create(Optional.of("u-before"));
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(unionid(phone.token())).contains("u-1");
    assertThat(unionid(tablet.token())).contains("u-1");
  }

  @Test
  void laterSessionsHaveALearntUnionid() {
    var phone = create(Optional.empty());
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    var tablet = create(Optional.empty());
    assertThat(tablet.session().unionid()).contains("u-1");
    assertThat(unionid(tablet.token())).contains("u-1");
  }

  @Test
  void unionidIsKeptWhenALoginHasNone() {
    create(Optional.of("u-1"));
    assertThat(unionid(create(Optional.empty()).token())).contains("u-1");
  }

  @Test
  void newUnionidOfALoginReplacesTheOldOne() {
    create(Optional.of("u-1"));
    create(Optional.of("u-2"));
    assertThat(create(Optional.empty()).session().unionid()).contains("u-2");
  }

  @Test
  void loginUpdatesTheUnionidOfEarlierSessions() {
    var without = create(Optional.empty());
    var first = create(Optional.of("u-1"));
    assertThat(unionid(without.token())).contains("u-1");
    var second = create(Optional.of("u-2"));
    for (var each : List.of(without, first, second)) {
      assertThat(unionid(each.token())).contains("u-2");
    }
  }

  @Test
  void loginExtendsNoEarlierSession() {
    var phone = create(Optional.empty());
    var key = "ml:s:" + phone.token().id();
    dump.run("PEXPIRE", key, "60000");
    create(Optional.of("u-1"));
    assertThat(dump.timeToLive(key)).isBetween(1L, 60_000L);
  }

  @Test
  void learntUnionidExtendsNoSession() {
    var phone = create(Optional.empty());
    var key = "ml:s:" + phone.token().id();
    dump.run("PEXPIRE", key, "60000");
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(dump.timeToLive(key)).isBetween(1L, 60_000L);
  }

  @Test
  void knownUnionidIsNotWrittenAgain() {
    var phone = create(Optional.of("u-1"));
    var before = dump.string("ml:s:" + phone.token().id());
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(dump.string("ml:s:" + phone.token().id())).isEqualTo(before);
  }

  @Test
  void sessionThatEndsDuringTheUpdateStaysEnded() {
    var phone = create(Optional.empty());
    run(store.end(phone.token(), phone.session().user()));
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(run(store.find(phone.token()))).isEmpty();
    assertThat(dump.keys("ml:s:" + phone.token().id())).isEmpty();
  }

  @Test
  void updateFailsWithoutTheStoreAndCanBeRetried() {
    var phone = create(Optional.empty());
    try (var stopped = Stopped.redis(redis)) {
      assertThatExceptionOfType(StoreUnavailableException.class)
          .isThrownBy(() -> run(unionids.learn(phone.token(), phone.session(), "u-1")));
    }
    run(unionids.learn(phone.token(), phone.session(), "u-1"));
    assertThat(unionid(phone.token())).contains("u-1");
  }

  private NewSessions.Created create(Optional<String> unionid) {
    var user = new UserId(RedisAndWechat.APPID, openid);
    return Logins.create(newSessions, Logins.of(user, unionid, new Secret("key")));
  }

  private Optional<String> unionid(SessionToken token) {
    return run(store.find(token)).orElseThrow().unionid();
  }

  private static <T> T run(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }
}
