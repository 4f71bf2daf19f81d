package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserSessionTest {
  @Test
  void timesAreSecondsAndDaysAreIsoDates() {
    var session =
        new Session(
            new UserId("wx1", "oAlice"),
            Optional.empty(),
            Instant.ofEpochMilli(8999),
            Duration.ofSeconds(7),
            Instant.parse("2026-01-02T23:59:59Z"));

    assertThat(UserSession.of("a", session)).isEqualTo(new UserSession("a", 1, "2026-01-02"));
  }
}
