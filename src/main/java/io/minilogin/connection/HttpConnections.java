package io.minilogin.connection;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.redis.RedisPool;
import io.minilogin.settings.MachineDefaults;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.VertxOptionsCustomizer;
import io.quarkus.vertx.http.runtime.ExtendedQuarkusVertxHttpMetrics;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.ClientMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of clients on the traffic port. At {@code
 * quarkus.http.limits.max-connections}, Quarkus closes new connections at once and reports this
 * only through Vert.x' metrics. The service turns these metrics on only for this count and for
 * {@link RedisPool}. Not ready while the limit is reached.
 */
@Readiness
@Singleton
class HttpConnections implements VertxOptionsCustomizer, AsyncHealthCheck {
  private static final Logger LOG = Logger.getLogger(HttpConnections.class);

  private final int limit;
  private final RedisPool redis;
  private final AtomicLong refused = new AtomicLong();
  private volatile AtomicInteger current = new AtomicInteger();

  HttpConnections(
      @ConfigProperty(name = "quarkus.http.limits.max-connections") int limit, RedisPool redis) {
    this.limit = limit;
    this.redis = redis;
  }

  private final class Tracker
      implements VertxMetrics,
          ExtendedQuarkusVertxHttpMetrics,
          ExtendedQuarkusVertxHttpMetrics.ConnectionTracker {

    @Override
    public ConnectionTracker getHttpConnectionTracker() {
      return this;
    }

    @Override
    public @Nullable PoolMetrics<?> createPoolMetrics(String type, String name, int size) {
      return type.equals(RedisPool.TYPE) ? redis : null;
    }

    @Override
    public @Nullable ClientMetrics<?, ?, ?, ?> createClientMetrics(
        SocketAddress remote, String type, String namespace) {
      if (type.equals(RedisPool.TYPE)) {
        redis.connected(remote);
      }
      return null;
    }

    /**
     * Each event loop calls this with the same counter, which counts the connections of all loops.
     */
    @Override
    public void initialize(int maxConnections, AtomicInteger number) {
      current = number;
    }

    @Override
    public void onConnectionRejected() {
      refused.incrementAndGet();
    }
  }

  /** Vert.x 5 will have another API; in this version, every API for this is deprecated. */
  @Override
  @SuppressWarnings("deprecation")
  public void accept(VertxOptions options) {
    options.setMetricsOptions(
        new MetricsOptions().setEnabled(true).setFactory(all -> new Tracker()));
  }

  void started(@Observes StartupEvent start, MeterRegistry registry, SmallRyeConfig settings) {
    registry.gauge("mini_login.connections", this, self -> self.current.get());
    registry.gauge("mini_login.connections.limit", this, self -> self.limit);
    registry.more().counter("mini_login.connections.refused", List.of(), refused);
    var possible = MachineDefaults.possibleConnections(settings);
    if (limit > possible) {
      LOG.warnf(
          "quarkus.http.limits.max-connections is %d, but besides connections to Redis and WeChat"
              + " this process has files and memory for only %d",
          limit, possible);
    }
  }

  @Override
  public Uni<HealthCheckResponse> call() {
    return Uni.createFrom()
        .item(HealthCheckResponse.named("connections").status(current.get() < limit).build());
  }
}
