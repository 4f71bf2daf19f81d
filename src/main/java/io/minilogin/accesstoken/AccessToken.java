package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.wechat.IssuedAccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * An app's access token as all instances know it.
 *
 * @param expiresAt when WeChat accepts it no more
 * @param refreshAt from when on another should be had
 * @param forced the refreshes that had to be forced
 */
record AccessToken(Secret text, Instant expiresAt, Instant refreshAt, ForcedRefreshes forced) {
  /** From then on WeChat gives another one while the old one is still good. */
  private static final Duration EARLY = Duration.ofMinutes(5);

  /** Between two attempts, if an early one brings nothing new. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  static AccessToken of(IssuedAccessToken issued, ForcedRefreshes forced, Instant now) {
    var expiresAt = now.plus(issued.expiresIn());
    var early = expiresAt.minus(EARLY);
    var soonest = now.plus(PAUSE);
    return new AccessToken(
        issued.text(), expiresAt, early.isAfter(soonest) ? early : soonest, forced);
  }

  /** Whether calls can be made with it. */
  boolean isGood(Instant now) {
    return now.isBefore(expiresAt);
  }

  /** Whether it is time for another one. */
  boolean isDue(Instant now) {
    return !isGood(now) || !now.isBefore(refreshAt);
  }

  /** After an attempt at another that failed. */
  AccessToken dueLater(Instant now) {
    return new AccessToken(text, expiresAt, now.plus(PAUSE), forced);
  }

  AccessToken forcedAt(Instant now) {
    return new AccessToken(text, expiresAt, refreshAt, forced.and(now));
  }
}
