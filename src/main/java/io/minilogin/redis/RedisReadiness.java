package io.minilogin.redis;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Ready while Redis answers a PING within the deadline of a command and has not refused a script.
 * Quarkus' own check would wait longer. Logs when Redis stops or starts answering, but not each
 * probe.
 */
@Readiness
@Singleton
class RedisReadiness implements AsyncHealthCheck {
  private static final Logger LOG = Logger.getLogger(RedisReadiness.class);

  private final RedisCommands redis;
  private final ScriptCheck scripts;
  private final AtomicBoolean isUp = new AtomicBoolean(true);

  RedisReadiness(RedisCommands redis, ScriptCheck scripts) {
    this.redis = redis;
    this.scripts = scripts;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    var check = HealthCheckResponse.named("Redis");
    return redis
        .send(Request.cmd(Command.PING))
        .map(
            pong -> {
              if (!isUp.getAndSet(true)) {
                LOG.info("Redis answers again");
              }
              return check.status(scripts.hasPassed()).build();
            })
        .onFailure()
        .recoverWithItem(
            () -> {
              if (isUp.getAndSet(false)) {
                LOG.warn("Not ready: Redis does not answer");
              }
              return check.down().build();
            });
  }
}
