package io.minilogin.redis;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while Redis answers a PING within the deadline of every command, and has not refused a
 * script. Quarkus' own check would wait for longer.
 */
@Readiness
@Singleton
class RedisReadiness implements AsyncHealthCheck {
  private final RedisCommands redis;
  private final ScriptCheck scripts;

  RedisReadiness(RedisCommands redis, ScriptCheck scripts) {
    this.redis = redis;
    this.scripts = scripts;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    var check = HealthCheckResponse.named("Redis");
    return redis
        .send(Request.cmd(Command.PING))
        .map(pong -> check.status(scripts.hasPassed()).build())
        .onFailure()
        .recoverWithItem(() -> check.down().build());
  }
}
