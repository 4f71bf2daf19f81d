package io.minilogin.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How late timers of event loops are. All requests of a loop are as late as they: it is held up, or
 * has not enough of a processor.
 */
@Singleton
class EventLoopLag {
  private static final Duration LOOK = Duration.ofSeconds(1);

  void begin(@Observes StartupEvent start, Vertx vertx, MeterRegistry registry) {
    var lag = Buckets.OF_LATENCY.timer("mini_login.event.loop.lag").register(registry);
    ((VertxInternal) vertx).getEventLoopGroup().forEach(loop -> look(loop, lag));
  }

  private static void look(EventExecutor loop, Timer lag) {
    var due = System.nanoTime() + LOOK.toNanos();
    loop.schedule(
        () -> {
          lag.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
          look(loop, lag);
        },
        LOOK.toNanos(),
        TimeUnit.NANOSECONDS);
  }
}
