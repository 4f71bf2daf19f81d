package io.minilogin.observe;

import java.time.Clock;

/** Creates beans of this package with the clock of a test. */
public final class IncidentsWith {
  private IncidentsWith() {}

  public static Incidents clock(Clock clock) {
    return new Incidents(clock);
  }

  public static UnknownApps unknownApps(Clock clock) {
    return new UnknownApps(clock(clock));
  }
}
