package io.minilogin.store;

import io.minilogin.operation.Occasionally;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Sends commands to Redis. Each ends within {@value #DEADLINE_MILLIS} ms; whatever goes wrong, an
 * error reply included, is a {@link StoreUnavailableException}. A command that failed may have been
 * carried out, may be sent again and may still be carried out later, so callers send only what may
 * happen twice or late.
 */
@Singleton
public class RedisCommands {
  private static final Logger LOG = Logger.getLogger(RedisCommands.class);
  private static final long DEADLINE_MILLIS = 1000;
  private static final int SLICES = 10;

  /** Several connections that were idle may have been given up at the same time. */
  private static final int TRIES = 4;

  private final Redis redis;
  private final CommandsOfATurn turn;
  private final Occasionally everyTenSeconds;

  RedisCommands(Redis redis, CommandsOfATurn turn, Clock clock) {
    this.redis = redis;
    this.turn = turn;
    this.everyTenSeconds = new Occasionally(Duration.ofSeconds(10), clock);
  }

  /** Carries out a script on one key, in one step; its arguments are to be added. */
  public static Request script(String lua, String key) {
    return Request.cmd(Command.EVAL).arg(lua).arg(1).arg(key);
  }

  /** The item is null where Redis answers nil. */
  public Uni<Response> send(Request command) {
    return answer(() -> turn.send(command, this::sendTogether));
  }

  /** Sends commands on keys of one slot in one go; the answers come in their order. */
  public Uni<List<Response>> sendAll(List<Request> commands) {
    return answer(() -> sendTogether(commands));
  }

  private <T> Uni<T> answer(Supplier<Future<T>> command) {
    return Uni.createFrom()
        .emitter(
            uni ->
                command
                    .get()
                    .onSuccess(uni::complete)
                    .onFailure(failure -> uni.fail(unavailable(failure))));
  }

  private Future<List<Response>> sendTogether(List<Request> commands) {
    return withDeadline(tried(commands, TRIES), SLICES);
  }

  private Future<List<Response>> tried(List<Request> commands, int tries) {
    var answers =
        commands.size() == 1
            ? redis.send(commands.get(0)).map(Collections::singletonList)
            : redis.batch(commands);
    return answers.recover(
        failure ->
            tries > 1 && isConnectionClosed(failure)
                ? tried(commands, tries - 1)
                : Future.failedFuture(failure));
  }

  /**
   * The deadline in slices, on Vert.x' own timer, which keeps the answer on the request's context.
   * An event loop that is held up for long, as in the first seconds of a JVM, finds the timers
   * expired before it finds the answers that have been there all the while; after each slice it
   * gets to look for them.
   */
  private static <T> Future<T> withDeadline(Future<T> answer, int slices) {
    return answer
        .timeout(DEADLINE_MILLIS / SLICES, TimeUnit.MILLISECONDS)
        .recover(
            late -> {
              if (answer.isComplete()) {
                return answer;
              }
              return slices > 1 ? withDeadline(answer, slices - 1) : Future.failedFuture(late);
            });
  }

  /**
   * The client gives connections up that were idle, also when a command has just been put on one.
   */
  private static boolean isConnectionClosed(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("CONNECTION_CLOSED");
  }

  /** Without a message's further lines: those may quote the command. */
  private static String reason(Throwable cause) {
    return cause instanceof TimeoutException
        ? "no answer within " + DEADLINE_MILLIS + " ms"
        : String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private StoreUnavailableException unavailable(Throwable cause) {
    everyTenSeconds.run(
        cause.getClass().getName(), () -> LOG.warnf("Redis is not available: %s", reason(cause)));
    return new StoreUnavailableException();
  }
}
