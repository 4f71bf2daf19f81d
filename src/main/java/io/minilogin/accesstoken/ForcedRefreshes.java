package io.minilogin.accesstoken;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * How often a refresh was forced today, and when last: WeChat allows 20 a day and app, at least 30
 * s apart.
 *
 * @param day since 1970, by WeChat's clock
 * @param count on that day
 */
record ForcedRefreshes(int day, int count, Instant last) {
  static final ForcedRefreshes NONE = new ForcedRefreshes(0, 0, Instant.EPOCH);

  static final int MOST = 20;

  /** How many of them calls of backends may cause; the rest is for the service's own calls. */
  static final int MOST_FOR_BACKENDS = 10;

  /** The 30 s, and the 3 s that the last one may have been under way to WeChat. */
  private static final Duration APART = Duration.ofSeconds(33);

  private static final ZoneOffset WECHATS = ZoneOffset.ofHours(8);

  /**
   * Whether another one may be forced.
   *
   * @param most how many on this day
   */
  boolean allowOne(Instant now, int most) {
    return !now.isBefore(last.plus(APART)) && left(now) > MOST - most;
  }

  /** How many are left for the day. */
  int left(Instant now) {
    return day == day(now) ? Math.max(0, MOST - count) : MOST;
  }

  ForcedRefreshes and(Instant now) {
    var today = day(now);
    return new ForcedRefreshes(today, today == day ? count + 1 : 1, now);
  }

  private static int day(Instant now) {
    return (int) now.atOffset(WECHATS).toLocalDate().toEpochDay();
  }
}
