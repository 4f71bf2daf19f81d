package io.minilogin.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final Throttle occasionally = new Throttle(INTERVAL, clock);
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void firstEventPassesAtOnce() {
    occasionally.run("outage", runs::incrementAndGet);
    assertThat(runs).hasValue(1);
  }

  @Test
  void furtherEventsWithinTheIntervalAreDropped() {
    occasionally.run("outage", runs::incrementAndGet);
    clock.advance(INTERVAL.minusMillis(1));
    occasionally.run("outage", runs::incrementAndGet);
    assertThat(runs).hasValue(1);
  }

  @Test
  void oneEventPerIntervalPasses() {
    for (int i = 0; i < 3; i++) {
      occasionally.run("outage", runs::incrementAndGet);
      occasionally.run("outage", runs::incrementAndGet);
      clock.advance(INTERVAL);
    }
    assertThat(runs).hasValue(3);
  }

  @Test
  void droppedEventDoesNotExtendTheInterval() {
    occasionally.run("outage", runs::incrementAndGet);
    clock.advance(INTERVAL.minusSeconds(1));
    occasionally.run("outage", runs::incrementAndGet);
    clock.advance(Duration.ofSeconds(1));
    occasionally.run("outage", runs::incrementAndGet);
    assertThat(runs).hasValue(2);
  }

  @Test
  void kindsAreThrottledIndependently() {
    occasionally.run("outage", runs::incrementAndGet);
    occasionally.run("misconfiguration", runs::incrementAndGet);
    assertThat(runs).hasValue(2);
  }

  @Test
  void onlyOneOfManyConcurrentEventsPasses() throws InterruptedException {
    int threads = 16;
    var start = new CountDownLatch(1);
    var pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      pool.execute(
          () -> {
            try {
              start.await();
              occasionally.run("outage", runs::incrementAndGet);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    start.countDown();
    pool.shutdown();
    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(runs).hasValue(1);
  }
}
