package io.minilogin.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.it.TcpProxy;
import io.minilogin.observe.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RedisConnectionsTest {
  private static final Request PING = Request.cmd(Command.PING);

  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal loop = (ContextInternal) vertx.getOrCreateContext();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  /** The sizes of the batches. */
  private final Queue<Integer> sizes = new ConcurrentLinkedQueue<>();

  private EmbeddedRedis redis;
  private TcpProxy proxy;
  private RedisConnections connections;

  @BeforeEach
  void connect() throws IOException {
    redis = EmbeddedRedis.start();
    proxy = new TcpProxy(redis.port());
    connections = connections(512);
  }

  @AfterEach
  void close() throws IOException {
    joined(vertx.close().toCompletionStage().toCompletableFuture());
    proxy.close();
    redis.close();
  }

  @Nested
  class Batches {
    @Test
    void commandsOfATurnAreSentTogetherInOrder() {
      assertThat(inOneTurn(echoes(20))).isEqualTo(texts(20));
      assertThat(sizes).containsExactly(20);
      assertThat(registry.get("mini_login.redis.batches").timer().count()).isEqualTo(1);
    }

    @Test
    void nextTurnStartsANewBatch() {
      inOneTurn(echoes(3));
      assertThat(inOneTurn(echoes(2))).isEqualTo(texts(2));
      assertThat(sizes).containsExactly(3, 2);
    }

    @Test
    void largeTurnIsSplitIntoBatches() {
      assertThat(inOneTurn(echoes(1100))).isEqualTo(texts(1100));
      assertThat(sizes).containsExactlyInAnyOrder(512, 512, 76);
    }

    @Test
    void batchesCanBeLimitedToOneCommand() {
      connections = connections(1);
      assertThat(inOneTurn(echoes(3))).isEqualTo(texts(3));
      assertThat(sizes).containsExactly(1, 1, 1);
    }

    @Test
    void errorReplyFailsOnlyItsOwnCommand() {
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
    void valueOfAnotherTypeIsNil() {
      assertThat(inOneTurn(List.of(Request.cmd(Command.RPUSH).arg("list").arg("item"))))
          .containsExactly("1");
      assertThat(inOneTurn(List.of(Request.cmd(Command.GET).arg("list"), PING)))
          .containsExactly("null", "PONG");
    }
  }

  @Nested
  class Closing {
    @Test
    void closesTheConnections() {
      inOneTurn(echoes(3));
      var closed = connections;
      connections = connections(512);
      closed.close();
      await().untilAsserted(() -> assertThat(addresses()).hasSize(1));
    }

    @Test
    void makesFurtherCommandsFail() {
      connections.close();
      assertThatThrownBy(() -> joined(send(PING))).isNotNull();
      assertThat(proxy.accepted()).isZero();
    }

    private List<String> addresses() {
      var list = joined(send(Request.cmd(Command.CLIENT).arg("LIST"))).toString();
      return list.lines().filter(line -> !line.isBlank()).toList();
    }
  }

  @Nested
  class Scripts {
    private static final RedisScript COUNT =
        script("return redis.call('INCRBY', KEYS[1], ARGV[1])");

    @Test
    void areSentInFullTheFirstTime() {
      assertThat(joined(count())).hasToString("2");
      assertThat(joined(count())).hasToString("4");
      assertThat(commands()).containsEntry("eval", 1).containsEntry("evalsha", 1);
    }

    @Test
    void areSentInABatchTheFirstTime() {
      var answers =
          onLoop(
              () -> {
                var before = connections.send(Request.cmd(Command.ECHO).arg("before"));
                var first = connections.send(COUNT.on("count").arg(2));
                var second = connections.send(COUNT.on("count").arg(3));
                return Future.all(before, first, second).map(all -> all.list().toString());
              });
      assertThat(joined(answers)).isEqualTo("[before, 2, 5]");
      assertThat(sizes).containsExactly(3);
    }

    @Test
    void areSentInFullWhenRedisDoesNotHaveThem() {
      joined(count());
      joined(send(Request.cmd(Command.SCRIPT).arg("FLUSH")));
      assertThat(joined(count())).hasToString("4");
      assertThat(joined(count())).hasToString("6");
      assertThat(commands()).containsEntry("eval", 2).containsEntry("evalsha", 2);
    }

    @Test
    void areSentInFullWhenMissingInABatch() {
      joined(count());
      joined(send(Request.cmd(Command.SCRIPT).arg("FLUSH")));
      var answers =
          onLoop(
              () -> {
                var before = connections.send(Request.cmd(Command.ECHO).arg("before"));
                var count = connections.send(COUNT.on("count").arg(2));
                return Future.all(before, count).map(all -> all.list().toString());
              });
      assertThat(joined(answers)).isEqualTo("[before, 4]");
    }

    @Test
    void failWithTheErrorOfRedis() {
      assertThatThrownBy(
              () -> joined(onLoop(() -> connections.send(script("return nothing()").on("key")))))
          .hasMessageContaining("nothing");
    }

    @Test
    void acceptTextsBytesAndNumbers() {
      var script = script("return ARGV[1] .. ARGV[2] .. ARGV[3]");
      var call = script.on("key").arg("é").arg(new byte[] {'b'}).arg(3);
      assertThat(joined(onLoop(() -> connections.send(call)))).hasToString("éb3");
    }

    @Test
    void missingScriptIsNamed() {
      assertThatThrownBy(() -> RedisScript.of("missing.lua"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("/redis/missing.lua");
    }

    private static RedisScript script(String lua) {
      return new RedisScript(lua.getBytes(UTF_8));
    }

    private CompletableFuture<Response> count() {
      return onLoop(() -> connections.send(COUNT.on("count").arg(2)));
    }

    /** Returns the number of calls of each command, as Redis counts them. */
    private Map<String, Integer> commands() {
      return Pattern.compile("cmdstat_(\\w+):calls=(\\d+)")
          .matcher(joined(send(Request.cmd(Command.INFO).arg("commandstats"))).toString())
          .results()
          .collect(Collectors.toMap(it -> it.group(1), it -> Integer.valueOf(it.group(2))));
    }
  }

  @Nested
  @Tag("long")
  class ConnectionsThatEnd {
    @Test
    void connectionClosedByRedisLosesNoAnswer() throws IOException {
      for (int round = 0; round < 200; round++) {
        var answers = startTurn(echoes(1 + round % 40));
        proxy.endConnections();
        assertThat(joined(answers)).isEqualTo(texts(1 + round % 40));
      }
    }

    @Test
    void silentConnectionIsReplacedAfterASecondTogetherWithItsSiblings() throws IOException {
      connections = connections(1);
      inOneTurn(echoes(10));
      var before = proxy.accepted();
      assertThat(before).isGreaterThan(1);
      proxy.silenceConnections();

      var start = System.nanoTime();
      assertThatThrownBy(() -> joined(send(PING))).hasCauseInstanceOf(TimeoutException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(800), Duration.ofMillis(2500));

      assertThat(inOneTurn(echoes(10))).isEqualTo(texts(10));
      assertThat(proxy.accepted()).isGreaterThan(before);
    }

    @Test
    void commandsPendingOnSiblingsOfASilentConnectionAreRetried() {
      connections = connections(1);
      inOneTurn(echoes(2));
      proxy.silenceConnections();
      var late = send(PING);
      var half = CompletableFuture.supplyAsync(() -> null, delayed(500));
      var younger = half.thenCompose(now -> send(Request.cmd(Command.ECHO).arg("younger")));
      assertThatThrownBy(() -> joined(late)).hasCauseInstanceOf(TimeoutException.class);
      assertThat(joined(younger)).hasToString("younger");
    }

    @Test
    void silentIdleConnectionIsReplaced() throws IOException {
      joined(send(PING));
      var before = proxy.accepted();
      proxy.silenceConnections();
      await().atMost(Duration.ofSeconds(10)).until(() -> proxy.accepted() > before);
      assertThat(joined(send(PING))).hasToString("PONG");
    }

    @Test
    void healthyIdleConnectionIsKept() {
      joined(send(PING));
      var before = proxy.accepted();
      await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(10))
          .until(() -> proxy.accepted() == before);
      assertThat(joined(send(PING))).hasToString("PONG");
      assertThat(proxy.accepted()).isEqualTo(before);
    }

    @Test
    void writeToAFormerMasterTriggersReconnect() {
      joined(send(PING));
      var before = proxy.accepted();
      joined(send(Request.cmd(Command.REPLICAOF).arg("127.0.0.1").arg("1")));
      await()
          .until(
              () -> {
                var write = send(Request.cmd(Command.SET).arg("key").arg("value"));
                assertThatThrownBy(() -> joined(write)).hasMessageContaining("READONLY");
                return proxy.accepted() > before;
              });
    }

    @Test
    void reconnectLosesNoAnswer() {
      joined(send(PING));
      var before = proxy.accepted();
      for (int round = 0; round < 20; round++) {
        var answers = startTurn(echoes(40));
        connections.reconnect();
        assertThat(joined(answers)).isEqualTo(texts(40));
      }
      assertThat(proxy.accepted()).isGreaterThan(before);
    }

    @Test
    void refusedConnectionFailsAtOnce() throws IOException {
      proxy.close();
      var start = System.nanoTime();
      assertThatThrownBy(() -> joined(send(PING))).hasMessageContaining("refused");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(800));
      assertThat(sizes).isEmpty();
    }
  }

  /** Sends the commands in one turn and returns the answers as texts, errors included. */
  private List<String> inOneTurn(List<Request> commands) {
    return joined(startTurn(commands));
  }

  private CompletableFuture<List<String>> startTurn(List<Request> commands) {
    return onLoop(
        () ->
            Future.all(
                    commands.stream()
                        .map(connections::send)
                        .map(answer -> answer.map(String::valueOf))
                        .map(answer -> answer.otherwise(Throwable::getMessage))
                        .toList())
                .map(all -> all.list()));
  }

  private CompletableFuture<Response> send(Request command) {
    return onLoop(() -> connections.send(command));
  }

  private interface Step<T> {
    Future<T> take();
  }

  private <T> CompletableFuture<T> onLoop(Step<T> step) {
    var done = new CompletableFuture<T>();
    loop.runOnContext(
        here -> step.take().onSuccess(done::complete).onFailure(done::completeExceptionally));
    return done;
  }

  private RedisConnections connections(int largestBatch) {
    var made = new CompletableFuture<RedisConnections>();
    loop.runOnContext(
        here ->
            made.complete(
                new RedisConnections(
                    loop,
                    this::client,
                    failure -> false,
                    largestBatch,
                    new RedisMeters(registry),
                    new Tracing(OpenTelemetry.noop(), true))));
    return joined(made);
  }

  private Redis client() {
    var options = new RedisOptions().setConnectionString(proxy.uri("redis").toString());
    var client = Redis.createClient(vertx, options.setMaxPoolSize(16).setMaxPoolWaiting(4096));
    return recorded(
        Redis.class,
        client,
        (name, result) ->
            name.equals("connect") ? ((Future<?>) result).map(this::recorded) : result);
  }

  private RedisConnection recorded(Object connection) {
    return recorded(RedisConnection.class, connection, (name, result) -> result);
  }

  private interface Change {
    Object of(String method, Object result);
  }

  /** Wraps the target to record the number of commands of each call. */
  @SuppressWarnings("unchecked")
  private <T> T recorded(Class<T> type, Object target, Change change) {
    return (T)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (arguments != null && arguments[0] instanceof Request request) {
                noteUnlessPing(request);
              } else if (arguments != null && arguments[0] instanceof List<?> commands) {
                sizes.add(commands.size());
              }
              try {
                return change.of(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Ignores PING: the check of idle connections sends it at any time. */
  private void noteUnlessPing(Request request) {
    if (request.command() != Command.PING) {
      sizes.add(1);
    }
  }

  private static List<Request> echoes(int count) {
    return texts(count).stream().map(text -> Request.cmd(Command.ECHO).arg(text)).toList();
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text " + i).toList();
  }

  private static Executor delayed(long millis) {
    return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
  }

  private static <T> T joined(CompletableFuture<T> future) {
    return future.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
