package io.minilogin.session;

import io.minilogin.app.Secret;
import java.time.Instant;
import java.util.Optional;

/**
 * A user whom WeChat has identified, and the session key that WeChat issued.
 *
 * @param unionid empty if WeChat returned no unionid
 * @param at the time of WeChat's answer
 * @param isResumed whether an earlier attempt failed after WeChat's answer, so that WeChat may have
 *     issued a newer session key meanwhile. For other logins the time does not matter, because the
 *     clocks of instances differ.
 */
public record Login(
    UserId user, Optional<String> unionid, Secret sessionKey, Instant at, boolean isResumed) {
  @Override
  public String toString() {
    return "Login";
  }
}
