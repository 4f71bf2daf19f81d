package io.minilogin.session;

import jakarta.enterprise.context.RequestScoped;

/** Who is behind the request under way; for resources {@link WithSession} only. */
@RequestScoped
public class Caller {
  private SessionToken token;
  private Session session;

  void identify(SessionToken proof, Session found) {
    token = proof;
    session = found;
  }

  public SessionToken token() {
    return token;
  }

  public Session session() {
    return session;
  }

  public UserId user() {
    return session.user();
  }

  @Override
  public String toString() {
    return "Caller";
  }
}
