package io.minilogin.check;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.session.Session;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The response of token introspection. For an inactive token the response is {@code {"active":
 * false}} only.
 *
 * @param sub the openid
 * @param clientId the appid
 * @param iat the time at which the session was created, seconds since 1970
 * @param exp the absolute expiry of the session, seconds since 1970; an idle session ends earlier
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-2.2">RFC 7662, section 2.2</a>
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record IntrospectionResponse(
    boolean active,
    Optional<String> sub,
    @JsonProperty("client_id") Optional<String> clientId,
    @JsonProperty("token_type") Optional<String> tokenType,
    OptionalLong iat,
    OptionalLong exp,
    Optional<String> unionid) {

  static final IntrospectionResponse INACTIVE =
      new IntrospectionResponse(
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty());

  static IntrospectionResponse of(Session session) {
    return new IntrospectionResponse(
        true,
        Optional.of(session.user().openid()),
        Optional.of(session.user().appid()),
        Optional.of("Bearer"),
        OptionalLong.of(session.createdAt().getEpochSecond()),
        OptionalLong.of(session.expiresAt().getEpochSecond()),
        session.unionid());
  }

  @Override
  public String toString() {
    return "IntrospectionResponse";
  }
}
