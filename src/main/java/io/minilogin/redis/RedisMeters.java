package io.minilogin.redis;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.minilogin.observe.Outcomes;
import java.util.concurrent.TimeUnit;

/** Metrics of how Redis serves this instance. */
final class RedisMeters {
  private final MeterRegistry registry;
  private final Timer time;
  private final DistributionSummary size;

  RedisMeters(MeterRegistry registry) {
    this.registry = registry;
    time = Outcomes.latency("mini_login.redis.batches").register(registry);
    size = DistributionSummary.builder("mini_login.redis.batch.commands").register(registry);
  }

  /** Records a batch of commands that was answered or failed. */
  void ended(int commands, long nanos) {
    time.record(nanos, TimeUnit.NANOSECONDS);
    size.record(commands);
  }

  void failed(RedisFailure kind) {
    registry.counter("mini_login.redis.failures", "kind", kind.metricName()).increment();
  }
}
