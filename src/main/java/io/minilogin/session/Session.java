package io.minilogin.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A logged-in user of an app.
 *
 * @param expiresAt the absolute end; the session ends earlier when it is not used
 * @param lifetime from the login to {@code expiresAt}, whole seconds
 */
public record Session(
    String appid, String openid, Optional<String> unionid, Instant expiresAt, Duration lifetime) {

  public Instant createdAt() {
    return expiresAt.minus(lifetime);
  }

  /** Zero or negative when it has expired. */
  Duration remaining(Instant now) {
    return Duration.between(now, expiresAt);
  }

  @Override
  public String toString() {
    return "Session of " + appid;
  }
}
