package io.minilogin.session;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;

/** A client's own session: look at it, end it, end all of its user's. */
@WithSession
@Path("/")
class SessionResource {
  private final Sessions sessions;
  private final Caller caller;
  private final Clock clock;

  SessionResource(Sessions sessions, Caller caller, Clock clock) {
    this.sessions = sessions;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @Path("/session")
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<SessionAnswer> session() {
    return Uni.createFrom().item(SessionAnswer.of(caller.session(), clock.instant()));
  }

  @DELETE
  @Path("/session")
  public Uni<Void> logout() {
    return sessions.end(caller.token(), caller.user());
  }

  @DELETE
  @Path("/sessions")
  public Uni<Void> logoutEverywhere() {
    return sessions.endAll(caller.token(), caller.user());
  }
}
