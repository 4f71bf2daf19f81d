package io.minilogin.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.PoolMetrics;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Counts the Redis connections of all event loops: how many are in use, and how many commands wait
 * for a connection. The client reports them through Vert.x' metrics.
 */
@Singleton
public class RedisPool implements PoolMetrics<Object> {
  /** The client's name for its pools. */
  public static final String TYPE = "redis";

  private static final Object LEASE = new Object();

  private final int perAddress;
  private final Set<SocketAddress> addresses = ConcurrentHashMap.newKeySet();
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private volatile Runnable onConnect = () -> {};

  RedisPool(
      @ConfigProperty(name = "quarkus.redis.max-pool-size") int perLoop,
      @ConfigProperty(name = "quarkus.vertx.event-loops-pool-size") int loops) {
    this.perAddress = perLoop * loops;
  }

  void started(@Observes StartupEvent start, MeterRegistry registry) {
    registry.gauge("mini_login.redis.connections.active", active);
    registry.gauge("mini_login.redis.connections.limit", this, RedisPool::limit);
    registry.gauge("mini_login.redis.connections.queued", queued);
  }

  /**
   * Returns the limit: each event loop has a pool for each address that the client has connected
   * to.
   */
  private int limit() {
    return perAddress * Math.max(1, addresses.size());
  }

  /** Sets the action to run at each new connection, on its event loop. */
  void onConnect(Runnable action) {
    onConnect = action;
  }

  /** Registers a new connection. */
  public void connected(SocketAddress address) {
    addresses.add(address);
    onConnect.run();
  }

  @Override
  public Object submitted() {
    queued.incrementAndGet();
    return LEASE;
  }

  @Override
  public Object begin(@Nullable Object waited) {
    queued.decrementAndGet();
    active.incrementAndGet();
    return LEASE;
  }

  @Override
  public void rejected(@Nullable Object waited) {
    queued.decrementAndGet();
  }

  @Override
  public void end(@Nullable Object lease, boolean isSuccessful) {
    active.decrementAndGet();
  }
}
