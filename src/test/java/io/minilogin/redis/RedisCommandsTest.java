package io.minilogin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.Stopped;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.problem.ProblemType;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.CertificateUpdatedEvent;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class RedisCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject RedisCommands commands;
  @Inject RedisValues values;
  EmbeddedRedis redis;

  @Test
  void nilReplyIsNull() {
    var missing = Request.cmd(Command.GET).arg("missing");
    assertThat(commands.send(missing).await().atMost(LONG)).isNull();
  }

  @Test
  void onlyTheBeginningOfAnOversizedValueIsRead() {
    var large = Request.cmd(Command.SET).arg("large").arg("x".repeat(100_000)).arg("EX").arg(9);
    commands.send(large).await().atMost(LONG);
    assertThat(values.get("large").await().atMost(LONG).orElseThrow()).hasSize(1024);
  }

  @Test
  void callerOutsideAnEventLoopGetsAnAnswer() {
    assertThat(commands.send(Request.cmd(Command.PING)).await().atMost(LONG)).hasToString("PONG");
  }

  @Test
  void errorReplyMeansTheStoreIsUnavailable() {
    assertUnavailable(Request.cmd(Command.HGET).arg("one argument is missing"));
  }

  @Test
  void silentRedisIsUnavailableAfterASecond() {
    try (var stopped = Stopped.redis(redis)) {
      var start = System.nanoTime();
      assertUnavailable(Request.cmd(Command.PING));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(900), Duration.ofMillis(2500));
    }
  }

  @Test
  void unchangedCertificatesCloseNoConnection() {
    var read = new CertificateUpdatedEvent("of a test", new BaseTlsConfiguration() {});
    var before = connection();
    commands.reconnect(read);
    var afterwards = connection();
    assertThat(afterwards).isNotEqualTo(before);
    commands.reconnect(read);
    // There may be a second connection, on which the service has run its scripts
    assertThat(Stream.generate(this::connection).limit(20)).contains(afterwards);
  }

  private long connection() {
    var id = Request.cmd(Command.CLIENT).arg("ID");
    return commands.send(id).await().atMost(LONG).toLong();
  }

  @Test
  void commandIsSentOnSubscription() {
    var increment = commands.send(Request.cmd(Command.INCR).arg("counter"));
    assertThat(increment.await().atMost(LONG).toInteger()).isEqualTo(1);
    commands.send(Request.cmd(Command.DEL).arg("counter")).await().atMost(LONG);
  }

  private void assertUnavailable(Request command) {
    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> commands.send(command).await().atMost(LONG))
        .satisfies(
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.STORE_UNAVAILABLE);
              assertThat(e.problem().retryAfter()).isPresent();
            });
  }
}
