package io.minilogin.redis;

import io.minilogin.async.Throttle;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Checks whether Redis runs the scripts of the service. Proxies in front of a cluster refuse some
 * scripts, which a PING does not show: the first login would fail after its code was spent. So the
 * service runs the {@link ConnectionProbe} once for each new connection, and every 2 seconds while
 * Redis refuses it.
 *
 * <p>A Redis that is full or read-only refuses writes for a while but still answers token checks.
 * This does not count as a refusal of the script.
 */
@Singleton
class ScriptCheck {
  private static final Logger LOG = Logger.getLogger(ScriptCheck.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(2);
  private static final Set<RedisFailure> REFUSALS =
      Set.of(RedisFailure.OTHER, RedisFailure.NOT_ALLOWED);

  private final Vertx vertx;
  private final RedisCommands redis;
  private final RedisPool pool;
  private final ConnectionProbe probe;
  private final Throttle onceAMinute;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private volatile boolean isDue;
  private volatile boolean hasFailed;
  private volatile boolean hasPassed;
  private long timer = -1;

  ScriptCheck(
      Vertx vertx, RedisCommands redis, RedisPool pool, ConnectionProbe probe, Clock clock) {
    this.vertx = vertx;
    this.redis = redis;
    this.pool = pool;
    this.probe = probe;
    this.onceAMinute = new Throttle(Duration.ofMinutes(1), clock);
  }

  void begin(@Observes StartupEvent started) {
    pool.onConnect(this::request);
    request();
    timer = vertx.setPeriodic(RETRY_INTERVAL.toMillis(), due -> retry());
  }

  @PreDestroy
  void end() {
    vertx.cancelTimer(timer);
  }

  private void retry() {
    if (hasFailed) {
      request();
    }
  }

  /** Returns whether Redis did not refuse the script in the last check. */
  boolean hasPassed() {
    return hasPassed;
  }

  private void request() {
    isDue = true;
    runIfDue();
  }

  private void runIfDue() {
    if (isDue && isRunning.compareAndSet(false, true)) {
      isDue = false;
      redis.sendUnmapped(probe.probe().inFull()).onComplete(this::evaluate);
    }
  }

  private void evaluate(AsyncResult<Response> result) {
    if (result.succeeded()) {
      hasPassed = true;
    } else {
      var isReply = result.cause() instanceof ErrorType;
      var isRefusal = isReply && REFUSALS.contains(RedisFailure.of(result.cause()));
      if (isRefusal) {
        onceAMinute.run(
            "refused",
            () ->
                LOG.errorf(
                    "Redis refuses a script that every login needs, so the service is not ready:"
                        + " %s",
                    RedisCommands.reason(result.cause())));
      }
      hasPassed = isReply ? !isRefusal : hasPassed;
    }
    hasFailed = result.failed();
    isRunning.set(false);
    runIfDue();
  }
}
