package io.minilogin.dev;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** Counts the forced refreshes of an app's access token. The caller synchronizes access. */
final class ForcedRefreshes {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final int A_DAY = 20;

  /** The time zone of WeChat's days. */
  private static final ZoneId WECHAT = ZoneId.of("Asia/Shanghai");

  private record Count(Instant last, LocalDate day, int times) {}

  private final Map<String, Count> counts = new HashMap<>();
  private final Clock clock;

  ForcedRefreshes(Clock clock) {
    this.clock = clock;
  }

  boolean isTooSoon(String appid) {
    var count = counts.get(appid);
    return count != null && clock.instant().isBefore(count.last().plus(PAUSE));
  }

  /** Counts a refresh; returns false, without counting it, once the day's quota is used up. */
  boolean count(String appid) {
    var now = clock.instant();
    var today = LocalDate.ofInstant(now, WECHAT);
    var before = counts.get(appid);
    var times = before != null && before.day().equals(today) ? before.times() + 1 : 1;
    if (times > A_DAY) {
      return false;
    }
    counts.put(appid, new Count(now, today, times));
    return true;
  }
}
