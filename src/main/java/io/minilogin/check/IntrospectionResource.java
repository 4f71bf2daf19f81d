package io.minilogin.check;

import io.minilogin.session.SessionStore;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /introspect}: who is behind a token? Asking counts as a use of the session.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662">RFC 7662</a>
 */
@ClientsOnly
@Path("/introspect")
class IntrospectionResource {
  private final SessionStore sessions;

  IntrospectionResource(SessionStore sessions) {
    this.sessions = sessions;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<Introspection>> introspect(byte[] form) {
    return TokenForm.token(form)
        .map(sessions::find)
        .orElse(Uni.createFrom().item(Optional.empty()))
        .map(found -> found.map(Introspection::of).orElse(Introspection.INACTIVE))
        .map(IntrospectionResource::notStored);
  }

  private static RestResponse<Introspection> notStored(Introspection introspection) {
    return ResponseBuilder.ok(introspection).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
