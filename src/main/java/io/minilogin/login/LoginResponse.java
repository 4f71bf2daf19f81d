package io.minilogin.login;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * The response to a login. The fields are named as in RFC 6749 section 5.1.
 *
 * @param expiresIn seconds from the login to the session's absolute expiry
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record LoginResponse(
    @JsonProperty("access_token") String accessToken,
    @JsonProperty("token_type") String tokenType,
    @JsonProperty("expires_in") long expiresIn,
    String openid,
    Optional<String> unionid) {

  /**
   * Returns the same response for each repeat of a login: expiresIn counts from the login, not from
   * the repeat.
   */
  static LoginResponse of(LoginOutcome.LoggedIn login) {
    var session = login.session();
    return new LoginResponse(
        login.token().text(),
        "Bearer",
        session.lifetime().toSeconds(),
        session.user().openid(),
        session.unionid());
  }

  @Override
  public String toString() {
    return "LoginResponse";
  }
}
