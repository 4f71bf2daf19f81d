package io.minilogin.log;

import java.time.Clock;

/** Incidents of which the test has the clock. */
public final class IncidentsWith {
  private IncidentsWith() {}

  public static Incidents clock(Clock clock) {
    return new Incidents(clock);
  }
}
