package io.minilogin.accesstoken;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * The number of forced refreshes today and the time of the last one. WeChat allows 20 a day for
 * each app, at least 30 s apart.
 *
 * @param day days since 1970 in WeChat's time zone
 * @param count the number on that day
 */
record ForcedRefreshes(int day, int count, Instant last) {
  static final ForcedRefreshes NONE = new ForcedRefreshes(0, 0, Instant.EPOCH);

  static final int MOST = 20;

  /** Limit for calls of backends. The rest is reserved for the service's own calls. */
  static final int MOST_FOR_BACKENDS = 10;

  /** WeChat's 30 s, plus 3 s that the last call may have taken to reach WeChat. */
  private static final Duration MIN_INTERVAL = Duration.ofSeconds(33);

  private static final ZoneOffset WECHAT_ZONE = ZoneOffset.ofHours(8);

  /**
   * Whether another refresh may be forced.
   *
   * @param most the limit for the day
   */
  boolean allowOne(Instant now, int most) {
    return !now.isBefore(last.plus(MIN_INTERVAL)) && left(now) > MOST - most;
  }

  /** Returns the number of forced refreshes left for the day. */
  int left(Instant now) {
    return day == day(now) ? Math.max(0, MOST - count) : MOST;
  }

  ForcedRefreshes and(Instant now) {
    var today = day(now);
    return new ForcedRefreshes(today, today == day ? count + 1 : 1, now);
  }

  private static int day(Instant now) {
    return (int) now.atOffset(WECHAT_ZONE).toLocalDate().toEpochDay();
  }
}
