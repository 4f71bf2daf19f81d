package io.minilogin.session;

import java.security.Principal;

/** Who is behind a request: the session and the token that proved it. */
record SessionPrincipal(SessionToken token, Session session) implements Principal {
  /** The session's id: an access log shows it, so it must not be the openid. */
  @Override
  public String getName() {
    return token.id();
  }

  @Override
  public String toString() {
    return "SessionPrincipal";
  }
}
