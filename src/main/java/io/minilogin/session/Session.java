package io.minilogin.session;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A logged-in user of an app.
 *
 * @param expiresAt the absolute expiry; an idle session ends earlier
 * @param lifetime the time from the login to {@code expiresAt}, whole seconds
 * @param usedAt the latest touch, whole seconds; its day is the day of the latest use
 */
public record Session(
    UserId user, Optional<String> unionid, Instant expiresAt, Duration lifetime, Instant usedAt) {

  public Instant createdAt() {
    return expiresAt.minus(lifetime);
  }

  /** Returns the remaining lifetime; zero or negative if the session has expired. */
  Duration remaining(Instant now) {
    return Duration.between(now, expiresAt);
  }

  boolean isAlive(Instant now) {
    return remaining(now).toMillis() > 0;
  }

  Session usedAt(Instant now) {
    return new Session(user, unionid, expiresAt, lifetime, now.truncatedTo(ChronoUnit.SECONDS));
  }

  Session withUnionid(String id) {
    return new Session(user, Optional.of(id), expiresAt, lifetime, usedAt);
  }

  @Override
  public String toString() {
    return "Session of " + user.appid();
  }
}
