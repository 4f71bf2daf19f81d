package io.minilogin.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.UserSession;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserSessionsAnswerTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);

  @Test
  void timesAreSecondsAndDaysAreIsoDates() {
    assertThat(
            UserSessionsAnswer.of(List.of(new UserSession("a", Instant.ofEpochMilli(1999), DAY)))
                .sessions())
        .containsExactly(new UserSessionsAnswer.Item("a", 1, "2026-01-02"));
  }
}
