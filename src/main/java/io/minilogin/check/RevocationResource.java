package io.minilogin.check;

import io.minilogin.clients.Audit;
import io.minilogin.clients.Client;
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permission;
import io.minilogin.clients.Permitted;
import io.minilogin.session.SessionToken;
import io.minilogin.session.Sessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code POST /revoke}: ends the session behind a token. A token without a session counts as
 * revoked. The token of an app that the client may not act for also counts as revoked, but its
 * session does not change.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009">RFC 7009</a>
 */
@Permitted(Permission.REVOKE)
@Path("/revoke")
class RevocationResource {
  private final Sessions sessions;
  private final ClientAuthentication authentication;

  RevocationResource(Sessions sessions, ClientAuthentication authentication) {
    this.sessions = sessions;
    this.authentication = authentication;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Void>> revoke(byte[] body) {
    var form = TokenForm.parse(body);
    var client = authentication.basicOrForm(form.clientId(), form.credentials());
    return form.token()
        .map(token -> revoke(token, client))
        .orElse(Uni.createFrom().voidItem())
        .map(done -> RestResponse.ok());
  }

  private Uni<Void> revoke(SessionToken token, Client client) {
    return client.mayActForAll()
        ? revoked(token, client)
        : sessions
            .peek(token)
            .flatMap(
                found ->
                    found.filter(it -> !client.mayActFor(it.user().appid())).isPresent()
                        ? Uni.createFrom().voidItem()
                        : revoked(token, client));
  }

  private Uni<Void> revoked(SessionToken token, Client client) {
    return sessions
        .revoke(token)
        .invoke(
            existed ->
                Audit.ended(client, Optional.empty(), existed ? List.of(token.id()) : List.of()))
        .replaceWithVoid();
  }
}
