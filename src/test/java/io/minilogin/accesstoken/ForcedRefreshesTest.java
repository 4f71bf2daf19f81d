package io.minilogin.accesstoken;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** WeChat allows 20 forced refreshes per day and app, at least 30 s apart. */
class ForcedRefreshesTest {
  private static final Instant NOON_IN_CHINA = Instant.parse("2024-05-01T04:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void firstForcedRefreshIsAllowed() {
    assertThat(ForcedRefreshes.NONE.allowOne(NOON_IN_CHINA, ForcedRefreshes.MOST)).isTrue();
  }

  @Test
  void nextForcedRefreshIsAllowedAfterMoreThanHalfAMinute() {
    var once = ForcedRefreshes.NONE.and(NOON_IN_CHINA);
    assertThat(once.allowOne(NOON_IN_CHINA, ForcedRefreshes.MOST)).isFalse();
    assertThat(once.allowOne(NOON_IN_CHINA.plusSeconds(30), ForcedRefreshes.MOST)).isFalse();
    assertThat(once.allowOne(NOON_IN_CHINA.plusSeconds(33), ForcedRefreshes.MOST)).isTrue();
  }

  @Test
  void twentyForcedRefreshesPerDayAreAllowed() {
    var forced = ForcedRefreshes.NONE;
    var now = NOON_IN_CHINA;
    for (int i = 0; i < 20; i++) {
      assertThat(forced.allowOne(now, ForcedRefreshes.MOST)).isTrue();
      forced = forced.and(now);
      now = now.plus(MINUTE);
    }
    assertThat(forced.allowOne(now, ForcedRefreshes.MOST)).isFalse();
    assertThat(forced.allowOne(Instant.parse("2024-05-01T15:59:59Z"), ForcedRefreshes.MOST))
        .isFalse();
  }

  @Test
  void tenForcedRefreshesPerDayAreForBackends() {
    var forced = ForcedRefreshes.NONE;
    var now = NOON_IN_CHINA;
    for (int i = 0; i < 10; i++) {
      assertThat(forced.allowOne(now, ForcedRefreshes.MOST_FOR_BACKENDS)).isTrue();
      forced = forced.and(now);
      now = now.plus(MINUTE);
    }
    assertThat(forced.allowOne(now, ForcedRefreshes.MOST_FOR_BACKENDS)).isFalse();
    assertThat(forced.allowOne(now, ForcedRefreshes.MOST)).isTrue();
  }

  @Test
  void distrustedPathCannotForceARefresh() {
    assertThat(ForcedRefreshes.NONE.allowOne(NOON_IN_CHINA, 0)).isFalse();
  }

  @Test
  void newDayBeginsAtMidnightInChina() {
    var forced = ForcedRefreshes.NONE;
    for (int i = 0; i < 20; i++) {
      forced = forced.and(NOON_IN_CHINA);
    }
    var midnight = Instant.parse("2024-05-01T16:00:00Z");
    assertThat(forced.allowOne(midnight, ForcedRefreshes.MOST)).isTrue();
    assertThat(forced.and(midnight).count()).isEqualTo(1);
  }
}
