package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.app.Secret;
import io.minilogin.redis.RedisDump;
import io.minilogin.session.RedisUserHash.Entry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class ForgottenUserTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject UserSessions userSessions;
  @Inject Sessions sessions;
  @Inject NewSessions newSessions;
  @Inject RedisUsers users;
  @Inject RedisDump dump;
  @Inject Clock clock;

  /** A user that only this test uses. */
  private final UserId user = new UserId(RedisAndWechat.APPID, "o" + UUID.randomUUID());

  private final String key = "ml:u:" + user.hash();

  @Test
  void forgettingAUserEndsTheSessionsAndDeletesTheHash() {
    var first = login();
    var second = login();
    run(userSessions.forget(user));
    assertThat(run(sessions.find(first))).isEmpty();
    assertThat(run(sessions.find(second))).isEmpty();
    assertThat(dump.keys(key)).isEmpty();
  }

  @Test
  void unknownUserIsForgotten() {
    run(userSessions.forget(user));
    assertThat(dump.keys(key)).isEmpty();
  }

  @Test
  void blockStaysAndKeepsItsTimeToLive() {
    login();
    dump.run("HSET", key, "b", "0", "r", "details");
    dump.run("PERSIST", key);
    run(userSessions.forget(user));
    assertThat(dump.hash(key)).containsOnlyKeys("b", "r");
    assertThat(dump.timeToLive(key)).isEqualTo(-1);
  }

  @Test
  void blockWithAnEndStaysUntilItsEnd() {
    dump.run("HSET", key, "b", String.valueOf(clock.millis() + LONG.toMillis()), "u", "unionid");
    run(userSessions.forget(user));
    assertThat(dump.hash(key)).containsOnlyKeys("b");
    dump.run("HSET", key, "b", String.valueOf(clock.millis() - 1));
    run(userSessions.forget(user));
    assertThat(dump.keys(key)).isEmpty();
  }

  @Test
  void garbageDoesNotPreventTheDeletion() {
    dump.run("HSET", key, "b", "x", "r", "x", "x".repeat(43), "x");
    run(userSessions.forget(user));
    assertThat(dump.keys(key)).isEmpty();
    dump.run("SET", key, "x");
    run(userSessions.forget(user));
    assertThat(dump.keys(key)).isEmpty();
  }

  /** The login proves that the user uses the mini program again. */
  @Test
  void loginDuringTheDeletionKeepsItsSessionAndSessionKey() {
    var entry = new Entry("1".repeat(43), clock.instant().plusSeconds(60));
    run(users.add(Logins.of(user, new Secret("key")), entry));
    run(users.forget(user));
    assertThat(dump.hash(key)).containsOnlyKeys("k", "t", entry.id());
  }

  private SessionToken login() {
    var login = Logins.of(user, Optional.of("unionid"), new Secret("key"));
    return Logins.create(newSessions, login).token();
  }

  private static <T> T run(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }
}
