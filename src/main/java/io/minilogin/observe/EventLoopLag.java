package io.minilogin.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late timers of event loops run. All requests of a loop are as late as its timers:
 * the loop is blocked or does not get enough CPU.
 */
@Singleton
class EventLoopLag {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final List<Future<?>> timers = new ArrayList<>();

  void begin(@Observes StartupEvent start, Vertx vertx, MeterRegistry registry) {
    var lag = Outcomes.latency("mini_login.event.loop.lag").register(registry);
    for (var loop : ((VertxInternal) vertx).getEventLoopGroup()) {
      timers.add(
          loop.scheduleWithFixedDelay(
              new Look(lag), INTERVAL.toNanos(), INTERVAL.toNanos(), TimeUnit.NANOSECONDS));
    }
  }

  @PreDestroy
  void end() {
    timers.forEach(timer -> timer.cancel(false));
  }

  /** Compares the time at which it runs with the time at which it should run. */
  private static final class Look implements Runnable {
    private final Timer lag;
    private long due = System.nanoTime() + INTERVAL.toNanos();

    Look(Timer lag) {
      this.lag = lag;
    }

    @Override
    public void run() {
      lag.record(Math.max(0, System.nanoTime() - due), TimeUnit.NANOSECONDS);
      due = System.nanoTime() + INTERVAL.toNanos();
    }
  }
}
