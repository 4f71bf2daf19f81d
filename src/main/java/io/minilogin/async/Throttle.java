package io.minilogin.async;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Lets one event of a kind through in each interval, so that an outage under load writes one line,
 * not a million. There must be few kinds, because an entry is kept for each.
 */
public final class Throttle {
  private final Duration interval;
  private final Clock clock;
  private final ConcurrentMap<String, Instant> next = new ConcurrentHashMap<>();

  public Throttle(Duration interval, Clock clock) {
    this.interval = interval;
    this.clock = clock;
  }

  /** Runs the action unless an action of the same kind ran within the interval. */
  public void run(String kind, Runnable action) {
    var now = clock.instant();
    var due = next.getOrDefault(kind, Instant.MIN);
    if (now.isBefore(due)) {
      return;
    }
    var replaced =
        due.equals(Instant.MIN)
            ? next.putIfAbsent(kind, now.plus(interval)) == null
            : next.replace(kind, due, now.plus(interval));
    if (replaced) {
      action.run();
    }
  }
}
