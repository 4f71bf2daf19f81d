package io.minilogin.session;

import io.minilogin.app.Setting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The settings, checked at the start, and what follows from them for a session's time to live in
 * Redis.
 *
 * <p>The idle timeout slides with use, but writing at every use would double the work and make each
 * read a write. So a session gets the idle timeout and a 64th more, and a use touches it, for a new
 * time to live, only once that slack is used up or a day (UTC) has begun: a session never ends
 * early, at most a 64th late, and the day of its latest use is always known.
 */
@Startup
@Singleton
public class SessionLimits {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest lifetime that may be configured. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  private static final int SLACK_PART = 64;

  /** Well under what is read of a user's index at a time. */
  private static final int MOST_PER_USER = 1000;

  private static final long SECONDS_OF_A_DAY = Duration.ofDays(1).toSeconds();

  private final Duration lifetime;
  private final Duration idle;
  private final Duration slack;
  private final int maxPerUser;

  SessionLimits(SessionSettings settings) {
    this.lifetime =
        Setting.between("session.lifetime", settings.lifetime(), SHORTEST, LONGEST)
            .truncatedTo(ChronoUnit.SECONDS);
    this.idle = Setting.between("session.idle-timeout", settings.idleTimeout(), SHORTEST, LONGEST);
    this.slack = idle.dividedBy(SLACK_PART);
    this.maxPerUser = settings.maxPerUser();
    if (maxPerUser < 1 || maxPerUser > MOST_PER_USER) {
      throw new ConfigurationException("session.max-per-user must be between 1 and 1000");
    }
  }

  /** The absolute lifetime of a session, in whole seconds. */
  public Duration lifetime() {
    return lifetime;
  }

  int maxPerUser() {
    return maxPerUser;
  }

  /** What a session that is used now should have left, given what remains of its lifetime. */
  Duration timeToLive(Duration remaining) {
    return shorter(idle.plus(slack), remaining);
  }

  /** Whether a use now must touch the session, given when that was last done. */
  boolean isTouchDue(Instant touched, Instant now) {
    return !now.isBefore(touched.plus(slack)) || day(now) != day(touched);
  }

  private static long day(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), SECONDS_OF_A_DAY);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
