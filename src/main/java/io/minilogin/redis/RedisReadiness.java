package io.minilogin.redis;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while Redis answers a PING within the deadline of every command. Quarkus' own check would
 * wait for longer.
 */
@Readiness
@Singleton
class RedisReadiness implements AsyncHealthCheck {
  private final RedisCommands redis;

  RedisReadiness(RedisCommands redis) {
    this.redis = redis;
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    var check = HealthCheckResponse.named("Redis");
    return redis
        .send(Request.cmd(Command.PING))
        .map(pong -> check.up().build())
        .onFailure()
        .recoverWithItem(() -> check.down().build());
  }
}
