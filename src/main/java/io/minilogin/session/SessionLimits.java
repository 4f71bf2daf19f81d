package io.minilogin.session;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The settings, checked at the start, and what follows from them for a session's time to live in
 * Redis.
 *
 * <p>The idle timeout slides with use, but writing at every use would double the work and make each
 * read a write. So a session gets the idle timeout and a 64th more, and its time to live is set
 * anew only once that slack is used up: a session never ends early, and at most a 64th late.
 */
@Startup
@Singleton
class SessionLimits {
  private static final int SLACK_PART = 64;

  private final Duration lifetime;
  private final Duration idle;
  private final Duration slack;

  /** By how much a time to live set to the end of the lifetime may seem to miss it. */
  private final Duration tolerance;

  private final int maxPerUser;

  SessionLimits(SessionSettings settings) {
    this.lifetime =
        atLeastASecond("session.lifetime", settings.lifetime()).truncatedTo(ChronoUnit.SECONDS);
    this.idle = atLeastASecond("session.idle-timeout", settings.idleTimeout());
    this.slack = idle.dividedBy(SLACK_PART);
    this.tolerance = shorter(slack, Duration.ofSeconds(1));
    this.maxPerUser = settings.maxPerUser();
    if (maxPerUser < 1) {
      throw new ConfigurationException("session.max-per-user must be at least 1");
    }
  }

  Duration lifetime() {
    return lifetime;
  }

  int maxPerUser() {
    return maxPerUser;
  }

  /** What a session that is used now should have left, given what remains of its lifetime. */
  Duration timeToLive(Duration remaining) {
    return shorter(idle.plus(slack), remaining);
  }

  /** The time to live to set, when the present one is so short that this use must prolong it. */
  Optional<Duration> prolonged(Duration present, Duration remaining) {
    var isDue = present.compareTo(idle) < 0 && present.plus(tolerance).compareTo(remaining) < 0;
    return isDue ? Optional.of(timeToLive(remaining)) : Optional.empty();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration atLeastASecond(String property, Duration value) {
    if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(3650)) > 0) {
      throw new ConfigurationException(property + " must be between a second and ten years");
    }
    return value;
  }
}
