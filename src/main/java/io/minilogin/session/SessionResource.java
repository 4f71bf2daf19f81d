package io.minilogin.session;

import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** A client's own session: look at it, end it. */
@Authenticated
@Path("/session")
class SessionResource {
  private final SessionStore store;
  private final SecurityIdentity caller;
  private final Clock clock;

  SessionResource(SessionStore store, SecurityIdentity caller, Clock clock) {
    this.store = store;
    this.caller = caller;
    this.clock = clock;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<SessionAnswer>> session() {
    return Uni.createFrom()
        .item(
            ResponseBuilder.ok(SessionAnswer.of(principal().session(), clock.instant()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build());
  }

  @DELETE
  public Uni<RestResponse<Void>> logout() {
    return store.close(principal().token(), principal().session()).map(done -> noContent());
  }

  private SessionPrincipal principal() {
    return SessionPrincipal.of(caller);
  }

  static RestResponse<Void> noContent() {
    return ResponseBuilder.<Void>noContent().header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
