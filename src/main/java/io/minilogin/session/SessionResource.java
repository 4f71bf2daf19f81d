package io.minilogin.session;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;

/** {@code /session}: returns or ends the caller's own session. */
@WithSession
@Path("/session")
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
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<SessionResponse> session() {
    return Uni.createFrom().item(SessionResponse.of(caller.session(), clock.instant()));
  }

  @DELETE
  public Uni<Void> logout() {
    return sessions.end(caller.token(), caller.user());
  }
}
