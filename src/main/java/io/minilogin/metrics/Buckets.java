package io.minilogin.metrics;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;

/** The buckets of histograms. */
public enum Buckets {
  /** From a check of a token, 1 ms, to the longest that a login may take, 5 s. */
  OF_LATENCY(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 3000, 5000);

  private final Duration[] bounds;

  Buckets(long... millis) {
    bounds = Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  /** A timer with them. */
  public Timer.Builder timer(String name) {
    return Timer.builder(name).serviceLevelObjectives(bounds);
  }
}
