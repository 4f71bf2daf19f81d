package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.wechat.IssuedAccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * An app's access token, shared by all instances.
 *
 * @param expiresAt the expiry at WeChat
 * @param refreshAt the time from which a refresh is due
 * @param forced the forced refreshes of the day
 */
record AccessToken(Secret text, Instant expiresAt, Instant refreshAt, ForcedRefreshes forced) {
  /**
   * Time before the expiry from which WeChat issues a new token while the old token still works.
   */
  private static final Duration EARLY = Duration.ofMinutes(5);

  /** Pause before the next attempt after an early refresh that returned no new token. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  static AccessToken of(IssuedAccessToken issued, ForcedRefreshes forced, Instant now) {
    var expiresAt = now.plus(issued.expiresIn());
    var early = expiresAt.minus(EARLY);
    var soonest = now.plus(PAUSE);
    return new AccessToken(
        issued.text(), expiresAt, early.isAfter(soonest) ? early : soonest, forced);
  }

  /** Whether the token has not expired. */
  boolean isGood(Instant now) {
    return now.isBefore(expiresAt);
  }

  /** Whether a refresh is due. */
  boolean isDue(Instant now) {
    return !isGood(now) || !now.isBefore(refreshAt);
  }

  /** Postpones the next refresh after a failed attempt. */
  AccessToken dueLater(Instant now) {
    return new AccessToken(text, expiresAt, now.plus(PAUSE), forced);
  }

  AccessToken forcedAt(Instant now) {
    return new AccessToken(text, expiresAt, refreshAt, forced.and(now));
  }
}
