package io.minilogin.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * The response of {@code GET /session}.
 *
 * @param createdAt seconds since 1970, like {@code iat} of token introspection
 * @param expiresIn seconds until the absolute expiry
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record SessionResponse(
    String appid,
    String openid,
    Optional<String> unionid,
    @JsonProperty("created_at") long createdAt,
    @JsonProperty("expires_in") long expiresIn) {

  static SessionResponse of(Session session, Instant now) {
    return new SessionResponse(
        session.user().appid(),
        session.user().openid(),
        session.unionid(),
        session.createdAt().getEpochSecond(),
        session.remaining(now).toSeconds());
  }

  @Override
  public String toString() {
    return "SessionResponse";
  }
}
