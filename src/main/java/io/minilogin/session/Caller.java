package io.minilogin.session;

import jakarta.enterprise.context.RequestScoped;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The user and the session behind the current request. Available only in resources with {@link
 * WithSession}.
 */
@RequestScoped
public class Caller {
  private @Nullable SessionToken token;
  private @Nullable Session session;

  void identify(SessionToken proof, Session found) {
    token = proof;
    session = found;
  }

  public SessionToken token() {
    return Objects.requireNonNull(token);
  }

  public Session session() {
    return Objects.requireNonNull(session);
  }

  public UserId user() {
    return session().user();
  }

  @Override
  public String toString() {
    return "Caller";
  }
}
