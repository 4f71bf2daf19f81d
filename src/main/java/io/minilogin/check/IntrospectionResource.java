package io.minilogin.check;

import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permission;
import io.minilogin.clients.Permitted;
import io.minilogin.session.Sessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;

/**
 * {@code POST /introspect}: returns the user behind a token. An introspection does not extend the
 * session, because the caller is not the session's user. For a client, the tokens of apps that it
 * may not act for are unknown tokens.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662">RFC 7662</a>
 */
@Permitted(Permission.INTROSPECT)
@Path("/introspect")
class IntrospectionResource {
  private final Sessions sessions;
  private final ClientAuthentication authentication;

  IntrospectionResource(Sessions sessions, ClientAuthentication authentication) {
    this.sessions = sessions;
    this.authentication = authentication;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<IntrospectionResponse> introspect(byte[] body) {
    var form = TokenForm.parse(body);
    var client = authentication.basicOrForm(form.clientId(), form.credentials());
    return form.token()
        .map(sessions::peek)
        .orElse(Uni.createFrom().item(Optional.empty()))
        .map(found -> found.filter(it -> client.mayActFor(it.user().appid())))
        .map(found -> found.map(IntrospectionResponse::of).orElse(IntrospectionResponse.INACTIVE));
  }
}
