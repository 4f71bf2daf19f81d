package io.minilogin.store;

import io.quarkus.redis.client.RedisOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import jakarta.inject.Singleton;

/** What is configured below {@code quarkus.redis}, as Quarkus has read it for a client. */
@Singleton
class RedisSettings implements RedisOptionsCustomizer {
  private volatile RedisOptions options;

  @Override
  public void customize(String clientName, RedisOptions options) {
    this.options = options;
  }

  /** A client without connections; those it makes belong to the event loop of the caller. */
  Redis newClient(Vertx vertx) {
    return Redis.createClient(vertx, new RedisOptions(options));
  }

  boolean isCluster() {
    return options.getType() == RedisClientType.CLUSTER;
  }
}
