package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionLimitsTest {
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final Duration IDLE = Duration.ofHours(24);
  private static final Duration SLACK = Duration.ofMinutes(22).plusSeconds(30);

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final SessionLimits limits = limits(LIFETIME, IDLE, 10);

  // Time to live

  @Test
  void timeToLiveIsTheIdleTimeoutPlusASlackOfA64th() {
    assertThat(limits.timeToLive(LIFETIME)).isEqualTo(IDLE.plus(SLACK));
  }

  @Test
  void timeToLiveDoesNotExceedTheLifetime() {
    assertThat(limits.timeToLive(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    assertThat(limits(Duration.ofHours(1), IDLE, 10).timeToLive(Duration.ofHours(1)))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void useWithinTheSlackIsNotRecorded() {
    assertThat(limits.isTouchDue(NOON, NOON)).isFalse();
    assertThat(limits.isTouchDue(NOON, NOON.plus(SLACK).minusMillis(1))).isFalse();
  }

  @Test
  void useAfterTheSlackIsRecorded() {
    assertThat(limits.isTouchDue(NOON, NOON.plus(SLACK))).isTrue();
    assertThat(limits.isTouchDue(NOON, NOON.plus(IDLE))).isTrue();
  }

  @Test
  void firstUseOfADayIsRecorded() {
    var midnight = NOON.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    assertThat(limits.isTouchDue(midnight.minusSeconds(2), midnight.minusSeconds(1))).isFalse();
    assertThat(limits.isTouchDue(midnight.minusSeconds(1), midnight)).isTrue();
  }

  /** Both the idle timeout and expires_in promise this. */
  @ParameterizedTest
  @MethodSource("lifetimes")
  void sessionInUseLastsUntilTheEndOfItsLifetime(Duration lifetime) {
    var limits = limits(lifetime, IDLE, 10);
    var end = NOON.plus(lifetime);
    var noted = NOON;
    var gone = NOON.plus(limits.timeToLive(lifetime));
    for (var now = NOON; now.isBefore(end); now = now.plus(Duration.ofMinutes(1))) {
      if (limits.isTouchDue(noted, now)) {
        noted = now;
        gone = now.plus(limits.timeToLive(Duration.between(now, end)));
      }
      var idleEnd = now.plus(IDLE);
      assertThat(gone)
          .as("expired after a use at %s", now)
          .isBetween(idleEnd.isBefore(end) ? idleEnd : end, end);
      assertThat(gone).isBeforeOrEqualTo(idleEnd.plus(SLACK));
    }
  }

  static Stream<Duration> lifetimes() {
    return LongStream.rangeClosed(0, 8)
        .mapToObj(i -> IDLE.plus(SLACK.dividedBy(2).multipliedBy(i)));
  }

  // Invalid settings

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.999S", "P3651D"})
  void lifetimeUnderASecondOrOverTenYearsIsRejected(String lifetime) {
    assertRefused("session.lifetime", Duration.parse(lifetime), IDLE, 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.999S", "P3651D"})
  void idleTimeoutUnderASecondOrOverTenYearsIsRejected(String idle) {
    assertRefused("session.idle-timeout", LIFETIME, Duration.parse(idle), 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void lessThanOneSessionPerUserIsRejected(int maxPerUser) {
    assertRefused("session.max-per-user", LIFETIME, IDLE, maxPerUser);
  }

  @Test
  void smallestSettingsAreAccepted() {
    var smallest = limits(Duration.ofSeconds(1), Duration.ofSeconds(1), 1);
    assertThat(smallest.lifetime()).isEqualTo(Duration.ofSeconds(1));
    assertThat(smallest.maxPerUser()).isEqualTo(1);
  }

  @Test
  void lifetimeIsTruncatedToSeconds() {
    assertThat(limits(Duration.ofMillis(1999), IDLE, 10).lifetime())
        .isEqualTo(Duration.ofSeconds(1));
  }

  private static void assertRefused(
      String property, Duration lifetime, Duration idle, int maxPerUser) {
    assertThatThrownBy(() -> limits(lifetime, idle, maxPerUser))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(property + " ");
  }

  private static SessionLimits limits(Duration lifetime, Duration idle, int maxPerUser) {
    return new SessionLimits(new Settings(lifetime, idle, maxPerUser));
  }

  private record Settings(Duration lifetime, Duration idleTimeout, int maxPerUser)
      implements SessionSettings {}
}
