package io.minilogin.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.ZoneOffset;

/**
 * One of a user's sessions, as clients may see it.
 *
 * @param id the opaque id of the session; it is not a token and gives no access
 * @param createdAt seconds since 1970
 * @param lastUsed the day of the latest use in UTC, such as 2026-11-23
 */
public record UserSession(
    String id,
    @JsonProperty("created_at") long createdAt,
    @JsonProperty("last_used") String lastUsed) {

  static UserSession of(String id, Session session) {
    return new UserSession(
        id,
        session.createdAt().getEpochSecond(),
        session.usedAt().atOffset(ZoneOffset.UTC).toLocalDate().toString());
  }
}
