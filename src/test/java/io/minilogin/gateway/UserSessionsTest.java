package io.minilogin.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.UserSession;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserSessionsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 1, 2);

  @Test
  void theNewestComesFirst() {
    var sessions =
        UserSessions.of(List.of(session("b", 2000), session("c", 2999), session("a", 1000)));
    assertThat(sessions.sessions())
        .extracting(UserSessions.Item::id)
        .containsExactly("c", "b", "a");
  }

  @Test
  void timesAreSecondsAndDaysAreIsoDates() {
    assertThat(UserSessions.of(List.of(session("a", 1999))).sessions())
        .containsExactly(new UserSessions.Item("a", 1, "2026-01-02"));
  }

  private static UserSession session(String id, long createdAtMillis) {
    return new UserSession(id, Instant.ofEpochMilli(createdAtMillis), DAY);
  }
}
