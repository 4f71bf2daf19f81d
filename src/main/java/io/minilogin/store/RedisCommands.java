package io.minilogin.store;

import io.minilogin.operation.Occasionally;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Sends commands to Redis. Each ends within {@value #DEADLINE_MILLIS} ms; whatever goes wrong, an
 * error reply included, is a {@link StoreUnavailableException}. A command that timed out may still
 * be carried out later, so callers send only what may happen twice or late.
 */
@Singleton
public class RedisCommands {
  private static final Logger LOG = Logger.getLogger(RedisCommands.class);
  private static final long DEADLINE_MILLIS = 1000;

  private final Redis redis;
  private final Occasionally everyTenSeconds;

  RedisCommands(Redis redis, Clock clock) {
    this.redis = redis;
    this.everyTenSeconds = new Occasionally(Duration.ofSeconds(10), clock);
  }

  /** The item is null where Redis answers nil. */
  public Uni<Response> send(Request command) {
    return answer(() -> redis.send(command));
  }

  /** Sends commands on keys of one slot in one go; the answers come in their order. */
  public Uni<List<Response>> sendAll(List<Request> commands) {
    return answer(() -> redis.batch(commands));
  }

  private <T> Uni<T> answer(Supplier<Future<T>> command) {
    return Uni.createFrom()
        .deferred(() -> UniHelper.toUni(withDeadline(command.get())))
        .onFailure()
        .transform(this::unavailable);
  }

  /**
   * Vert.x' own timer keeps the answer on the request's context, where its trace id is. Two halves
   * instead of one deadline: an event loop that was held up finds the timer expired before it finds
   * the answer that has long been there, and then must get to look for it.
   */
  private static <T> Future<T> withDeadline(Future<T> answer) {
    var half = DEADLINE_MILLIS / 2;
    return answer
        .timeout(half, TimeUnit.MILLISECONDS)
        .recover(
            late -> answer.isComplete() ? answer : answer.timeout(half, TimeUnit.MILLISECONDS));
  }

  /** What follows may quote the command. */
  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }

  private StoreUnavailableException unavailable(Throwable cause) {
    everyTenSeconds.run(
        cause.getClass().getName(),
        () -> LOG.warnf("Redis is not available: %s", firstLine(cause)));
    return new StoreUnavailableException();
  }
}
