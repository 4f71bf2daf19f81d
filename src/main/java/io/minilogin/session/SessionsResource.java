package io.minilogin.session;

import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.RestResponse;

/** All sessions of a client's user: end them. */
@Authenticated
@Path("/sessions")
class SessionsResource {
  private final SessionStore store;
  private final SecurityIdentity caller;

  SessionsResource(SessionStore store, SecurityIdentity caller) {
    this.store = store;
    this.caller = caller;
  }

  @DELETE
  public Uni<RestResponse<Void>> logoutEverywhere() {
    var principal = SessionPrincipal.of(caller);
    return store
        .closeAll(principal.token(), principal.session())
        .map(done -> SessionResource.noContent());
  }
}
