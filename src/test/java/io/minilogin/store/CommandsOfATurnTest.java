package io.minilogin.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.RedisAndWechat;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(RedisAndWechat.class)
class CommandsOfATurnTest {
  @Inject Vertx vertx;
  @Inject Redis redis;

  private final Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
  private CommandsOfATurn turn;
  private Context loop;

  @BeforeEach
  void begin() {
    turn = new CommandsOfATurn(vertx, "standalone");
    loop = vertx.getOrCreateContext();
  }

  @Test
  void theyGoTogetherInTheirOrder() {
    assertThat(inOneTurn(echoes(20))).isEqualTo(texts(20));
    assertThat(sizes).containsExactly(20);
  }

  @Test
  void theNextTurnStartsAnew() {
    inOneTurn(echoes(3));
    assertThat(inOneTurn(echoes(2))).isEqualTo(texts(2));
    assertThat(sizes).containsExactly(3, 2);
  }

  @Test
  void aLargeTurnIsSentInPartsThatAConnectionTakes() {
    assertThat(inOneTurn(echoes(1100))).isEqualTo(texts(1100));
    assertThat(sizes).containsExactly(512, 512, 76);
  }

  @Test
  void anErrorReplyIsThatOfItsOwnCommand() {
    var answers =
        inOneTurn(
            List.of(
                Request.cmd(Command.ECHO).arg("before"),
                Request.cmd(Command.EVAL).arg("return redis.error_reply('broken')").arg(0),
                Request.cmd(Command.GET).arg("missing"),
                Request.cmd(Command.ECHO).arg("after")));
    assertThat(answers.get(0)).isEqualTo("before");
    assertThat(answers.get(1)).contains("broken");
    assertThat(answers.get(2)).isEqualTo("null");
    assertThat(answers.get(3)).isEqualTo("after");
  }

  @Test
  void onAClusterEachGoesAlone() {
    turn = new CommandsOfATurn(vertx, "CLUSTER");
    assertThat(inOneTurn(echoes(3))).isEqualTo(texts(3));
    assertThat(sizes).containsExactly(1, 1, 1);
  }

  @Test
  void onAThreadWithoutTurnsEachGoesAlone() {
    var answer = turn.send(Request.cmd(Command.ECHO).arg("alone"), this::together);
    assertThat(joined(answer.toCompletionStage().toCompletableFuture())).hasToString("alone");
    assertThat(sizes).containsExactly(1);
  }

  /** The answers as texts, errors among them. */
  private List<String> inOneTurn(List<Request> commands) {
    var answers = new CompletableFuture<List<String>>();
    loop.runOnContext(
        start -> {
          var all =
              commands.stream()
                  .map(command -> turn.send(command, this::together))
                  .map(answer -> answer.map(String::valueOf).otherwise(Throwable::getMessage))
                  .toList();
          Future.all(all).onSuccess(done -> answers.complete(done.list()));
        });
    return joined(answers);
  }

  private Future<List<Response>> together(List<Request> commands) {
    sizes.add(commands.size());
    return commands.size() == 1
        ? redis.send(commands.get(0)).map(Collections::singletonList)
        : redis.batch(commands);
  }

  private static List<Request> echoes(int count) {
    return texts(count).stream()
        .map(text -> Request.cmd(Command.ECHO).arg(text))
        .collect(Collectors.toList());
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
  }

  private static <T> T joined(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
