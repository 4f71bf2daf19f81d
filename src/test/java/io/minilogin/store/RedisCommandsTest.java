package io.minilogin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.RedisAndWechat;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.problem.ProblemType;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(RedisAndWechat.class)
class RedisCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject RedisCommands commands;
  EmbeddedRedis redis;

  @Test
  void anAnswerOfNilIsNull() {
    var missing = Request.cmd(Command.GET).arg("missing");
    assertThat(commands.send(missing).await().atMost(LONG)).isNull();
  }

  @Test
  void severalAnswersComeInTheOrderOfTheirCommands() {
    var answers =
        commands
            .sendAll(
                List.of(
                    Request.cmd(Command.ECHO).arg("one"),
                    Request.cmd(Command.GET).arg("missing"),
                    Request.cmd(Command.ECHO).arg("two")))
            .await()
            .atMost(LONG);
    assertThat(answers.get(0)).hasToString("one");
    assertThat(answers.get(1)).isNull();
    assertThat(answers.get(2)).hasToString("two");
  }

  @Test
  void anErrorReplyMeansTheStoreIsUnavailable() {
    assertUnavailable(Request.cmd(Command.HGET).arg("one argument is missing"));
  }

  @Test
  void aRedisThatDoesNotAnswerIsUnavailableAfterASecond() {
    try (var stopped = StoppedRedis.stop(redis)) {
      var start = System.nanoTime();
      assertUnavailable(Request.cmd(Command.PING));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(900), Duration.ofMillis(2500));
    }
  }

  @Test
  void nothingIsSentBeforeSomebodyWaitsForTheAnswer() {
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
