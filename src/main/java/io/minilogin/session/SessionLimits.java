package io.minilogin.session;

import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Checks the session settings at the start, and computes the time to live of sessions in Redis.
 *
 * <p>Each use restarts the idle timeout, but a write at each use would double the work and turn
 * each read into a write. So a session gets the idle timeout plus a slack of a 64th. A use touches
 * the session, which renews its time to live, only if the slack is used up or a new day (UTC) has
 * begun. A session never ends early and at most a 64th late, and the day of its latest use is
 * always known.
 */
@Startup
@Singleton
public class SessionLimits {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest lifetime that may be configured. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  private static final int SLACK_PART = 64;

  /** Well below the number of entries that one read of a user's index returns. */
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
    Setting.require(
        maxPerUser >= 1 && maxPerUser <= MOST_PER_USER,
        "session.max-per-user must be between 1 and 1000");
  }

  /** Returns the absolute lifetime of a session, in whole seconds. */
  public Duration lifetime() {
    return lifetime;
  }

  int maxPerUser() {
    return maxPerUser;
  }

  /** Returns the time to live of a session that is used now, given its remaining lifetime. */
  Duration timeToLive(Duration remaining) {
    return shorter(idle.plus(slack), remaining);
  }

  /** Returns whether a use now must touch the session, given the time of the last touch. */
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
