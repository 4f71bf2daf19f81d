package io.minilogin.session;

import java.security.Principal;

/** Who is behind a request: the session and the token that proved it. */
record SessionPrincipal(SessionToken token, Session session) implements Principal {
  @Override
  public String getName() {
    return session.openid();
  }

  @Override
  public String toString() {
    return "SessionPrincipal";
  }
}
