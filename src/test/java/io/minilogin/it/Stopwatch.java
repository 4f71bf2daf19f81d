package io.minilogin.it;

import java.time.Duration;

/** How long something took. */
record Stopwatch(long startedAt) {
  static Stopwatch start() {
    return new Stopwatch(System.nanoTime());
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }
}
