package io.minilogin.observe;

import io.minilogin.async.Throttle;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Logs conditions that make requests fail. Each kind is logged once a minute at WARN, however many
 * requests fail. Metrics show how many.
 */
@Singleton
public class Incidents {
  private static final Logger LOG = Logger.getLogger(Incidents.class);

  private final Throttle onceAMinute;

  Incidents(Clock clock) {
    this.onceAMinute = new Throttle(Duration.ofMinutes(1), clock);
  }

  /**
   * Logs a condition, unless its kind was logged within the last minute.
   *
   * @param what a text for operators; it is part of the kind, so it must be the same for all
   *     requests
   * @param kind the fields that distinguish the kind; their values must have low cardinality
   * @param more fields that may differ between requests
   */
  public void tell(String what, Fields kind, Fields more) {
    onceAMinute.run(what + kind.kind(), () -> kind.with(() -> more.with(() -> LOG.warn(what))));
  }

  public void tell(String what, Fields kind) {
    tell(what, kind, Fields.none());
  }
}
