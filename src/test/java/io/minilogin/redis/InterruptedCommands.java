package io.minilogin.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.observe.Incidents;
import io.minilogin.observe.Tracing;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Creates values whose commands run an action, such as that of another instance, after the first
 * one.
 */
@Singleton
public class InterruptedCommands {
  private final Vertx vertx;
  private final Redis redis;
  private final RedisClients clients;
  private final MeterRegistry registry;
  private final Incidents incidents;
  private final Tracing tracing;

  InterruptedCommands(
      Vertx vertx,
      Redis redis,
      RedisClients clients,
      MeterRegistry registry,
      Incidents incidents,
      Tracing tracing) {
    this.vertx = vertx;
    this.redis = redis;
    this.clients = clients;
    this.registry = registry;
    this.incidents = incidents;
    this.tracing = tracing;
  }

  public RedisValues afterTheFirst(Supplier<Uni<Void>> something) {
    var isFirst = new AtomicBoolean(true);
    return new RedisValues(
        new RedisCommands(vertx, redis, clients, registry, incidents, tracing) {
          @Override
          public Uni<Response> send(Request command) {
            var sent = super.send(command);
            return isFirst.getAndSet(false) ? sent.call(something::get) : sent;
          }
        });
  }
}
