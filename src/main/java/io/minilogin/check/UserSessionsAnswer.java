package io.minilogin.check;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.session.UserSession;
import java.util.List;

/** A user's sessions in an app, the newest first. */
record UserSessionsAnswer(List<Item> sessions) {

  /**
   * One of them.
   *
   * @param id opaque, and no token
   * @param createdAt seconds since 1970
   * @param lastUsed the day in UTC, such as 2026-11-23
   */
  record Item(
      String id,
      @JsonProperty("created_at") long createdAt,
      @JsonProperty("last_used") String lastUsed) {

    private static Item of(UserSession session) {
      return new Item(
          session.id(), session.createdAt().getEpochSecond(), session.lastUsed().toString());
    }
  }

  static UserSessionsAnswer of(List<UserSession> sessions) {
    return new UserSessionsAnswer(sessions.stream().map(Item::of).toList());
  }
}
