package io.minilogin.check;

import io.minilogin.session.Sessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/**
 * {@code POST /introspect}: who is behind a token? Asking counts as a use of the session. To a
 * client, the tokens of apps that it may not act for are unknown ones.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662">RFC 7662</a>
 */
@ForClients
@Path("/introspect")
class IntrospectionResource {
  private final Sessions sessions;
  private final CallingClient caller;

  IntrospectionResource(Sessions sessions, CallingClient caller) {
    this.sessions = sessions;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<Introspection> introspect(byte[] form) {
    return TokenForm.token(form)
        .map(sessions::find)
        .orElse(Uni.createFrom().item(Optional.empty()))
        .map(found -> found.filter(it -> caller.mayActFor(it.user().appid())))
        .map(found -> found.map(Introspection::of).orElse(Introspection.INACTIVE));
  }
}
