package io.minilogin.session;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;

/**
 * {@code /sessions}: ends all sessions of the caller's user. This class is separate from {@link
 * SessionResource} because one class for both paths would need the path "/", and JAX-RS would match
 * every other path to it.
 */
@WithSession
@Path("/sessions")
class SessionsResource {
  private final Sessions sessions;
  private final Caller caller;

  SessionsResource(Sessions sessions, Caller caller) {
    this.sessions = sessions;
    this.caller = caller;
  }

  @DELETE
  public Uni<Void> logoutEverywhere() {
    return sessions.endAll(caller.token(), caller.user());
  }
}
