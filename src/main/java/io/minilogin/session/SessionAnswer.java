package io.minilogin.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * What {@code GET /session} tells.
 *
 * @param createdAt seconds since 1970, as in token introspection's iat
 * @param expiresIn seconds until the absolute end
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record SessionAnswer(
    String appid,
    String openid,
    Optional<String> unionid,
    @JsonProperty("created_at") long createdAt,
    @JsonProperty("expires_in") long expiresIn) {

  static SessionAnswer of(Session session, Instant now) {
    return new SessionAnswer(
        session.user().appid(),
        session.user().openid(),
        session.unionid(),
        session.createdAt().getEpochSecond(),
        session.remaining(now).toSeconds());
  }

  @Override
  public String toString() {
    return "SessionAnswer";
  }
}
