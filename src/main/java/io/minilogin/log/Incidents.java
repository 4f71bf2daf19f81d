package io.minilogin.log;

import io.minilogin.async.Throttle;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Conditions that make requests fail. Each kind has one line a minute at WARN, however many
 * requests fail for it: how many there are is what metrics tell.
 */
@Singleton
public class Incidents {
  private static final Logger LOG = Logger.getLogger(Incidents.class);

  private final Throttle onceAMinute;

  Incidents(Clock clock) {
    this.onceAMinute = new Throttle(Duration.ofMinutes(1), clock);
  }

  /**
   * Tells of a condition, unless it has been told of within the minute.
   *
   * @param what in words for operators, without anything that differs from request to request,
   *     since it is part of the kind
   * @param kind the fields that tell it from conditions of other kinds; they must be few
   * @param more fields that may differ from request to request
   */
  public void tell(String what, Fields kind, Fields more) {
    onceAMinute.run(what + kind.kind(), () -> kind.with(() -> more.with(() -> LOG.warn(what))));
  }

  public void tell(String what, Fields kind) {
    tell(what, kind, Fields.none());
  }
}
