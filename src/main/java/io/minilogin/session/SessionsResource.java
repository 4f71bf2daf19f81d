package io.minilogin.session;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;

/**
 * All sessions of a client's user: end them. A class of its own, since one for both paths would
 * have to be at "/", where JAX-RS takes every other path for one of its own.
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
