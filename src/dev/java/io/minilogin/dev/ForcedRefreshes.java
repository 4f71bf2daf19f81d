package io.minilogin.dev;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/** How often an app may force a refresh of its access token: the caller keeps others out. */
final class ForcedRefreshes {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final int A_DAY = 20;

  /** Where WeChat's day begins. */
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

  /** False, and nothing is counted, once the day has had its share. */
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
