package io.minilogin.session;

import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;

/** Who is behind a request: the session and the token that proved it. */
public record SessionPrincipal(SessionToken token, Session session) implements Principal {
  /** The one behind the bearer token; for resources that only authenticated callers reach. */
  public static SessionPrincipal of(SecurityIdentity caller) {
    return (SessionPrincipal) caller.getPrincipal();
  }

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
