package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
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

  private final SessionLimits limits = limits(LIFETIME, IDLE, 10);

  // How long a session has left

  @Test
  void aSessionThatIsUsedHasTheIdleTimeoutAndA64thMore() {
    assertThat(limits.timeToLive(LIFETIME)).isEqualTo(IDLE.plus(SLACK));
  }

  @Test
  void noSessionOutlivesItsLifetime() {
    assertThat(limits.timeToLive(Duration.ofHours(1))).isEqualTo(Duration.ofHours(1));
    assertThat(limits(Duration.ofHours(1), IDLE, 10).timeToLive(Duration.ofHours(1)))
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aUseWithinTheSlackWritesNothing() {
    assertThat(limits.prolonged(IDLE.plus(SLACK), Duration.ofDays(6))).isEmpty();
    assertThat(limits.prolonged(IDLE, Duration.ofDays(6))).isEmpty();
  }

  @Test
  void aUseAfterTheSlackProlongs() {
    assertThat(limits.prolonged(IDLE.minusMillis(1), Duration.ofDays(6)))
        .contains(IDLE.plus(SLACK));
    assertThat(limits.prolonged(Duration.ofMillis(1), Duration.ofDays(6)))
        .contains(IDLE.plus(SLACK));
  }

  @Test
  void aSessionThatLastsToItsEndAlreadyIsNotWrittenAgain() {
    assertThat(limits.prolonged(Duration.ofHours(1), Duration.ofHours(1))).isEmpty();
    assertThat(limits.prolonged(Duration.ofHours(1), Duration.ofHours(1).plusMillis(5))).isEmpty();
    assertThat(limits.prolonged(Duration.ofHours(1), Duration.ofMinutes(-5))).isEmpty();
  }

  @Test
  void theLastProlongationReachesTheEndOfTheLifetime() {
    assertThat(limits.prolonged(Duration.ofHours(1), Duration.ofHours(10)))
        .contains(Duration.ofHours(10));
  }

  /**
   * A promise of both the idle timeout and expires_in. The second is for the milliseconds between
   * two looks at the clock.
   */
  @ParameterizedTest
  @MethodSource("lifetimes")
  void aSessionInUseLastsUntilItsLifetimeIsOver(Duration lifetime) {
    var limits = limits(lifetime, IDLE, 10);
    var step = Duration.ofMinutes(1);
    var left = limits.timeToLive(lifetime);
    for (var age = step; age.compareTo(lifetime) < 0; age = age.plus(step)) {
      left = left.minus(step);
      var remaining = lifetime.minus(age);
      left = limits.prolonged(left, remaining).orElse(left);
      assertThat(left.plusSeconds(1))
          .as("left at the age of %s", age)
          .isGreaterThanOrEqualTo(IDLE.compareTo(remaining) < 0 ? IDLE : remaining);
    }
  }

  static Stream<Duration> lifetimes() {
    return LongStream.rangeClosed(0, 8)
        .mapToObj(i -> IDLE.plus(SLACK.dividedBy(2).multipliedBy(i)));
  }

  // Settings that make no sense

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.999S", "P3651D"})
  void aLifetimeUnderASecondOrOverTenYearsIsRefused(String lifetime) {
    assertRefused("session.lifetime", Duration.parse(lifetime), IDLE, 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.999S", "P3651D"})
  void anIdleTimeoutUnderASecondOrOverTenYearsIsRefused(String idle) {
    assertRefused("session.idle-timeout", LIFETIME, Duration.parse(idle), 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void lessThanOneSessionPerUserIsRefused(int maxPerUser) {
    assertRefused("session.max-per-user", LIFETIME, IDLE, maxPerUser);
  }

  @Test
  void theSmallestSettingsAreAccepted() {
    var smallest = limits(Duration.ofSeconds(1), Duration.ofSeconds(1), 1);
    assertThat(smallest.lifetime()).isEqualTo(Duration.ofSeconds(1));
    assertThat(smallest.maxPerUser()).isEqualTo(1);
  }

  @Test
  void aLifetimeHasWholeSeconds() {
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
