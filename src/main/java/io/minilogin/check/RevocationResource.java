package io.minilogin.check;

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
 * {@code POST /revoke}: the token's session ends. One that has none was revoked successfully, too;
 * so was, without an effect, one of an app that the client may not act for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009">RFC 7009</a>
 */
@ForClients
@Path("/revoke")
class RevocationResource {
  private final Sessions sessions;
  private final CallingClient caller;

  RevocationResource(Sessions sessions, CallingClient caller) {
    this.sessions = sessions;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Void>> revoke(byte[] form) {
    return TokenForm.token(form)
        .map(this::revoke)
        .orElse(Uni.createFrom().voidItem())
        .map(done -> RestResponse.ok());
  }

  private Uni<Void> revoke(SessionToken token) {
    return caller.mayActForAll()
        ? revoked(token)
        : sessions
            .find(token)
            .flatMap(
                found ->
                    found.filter(it -> !caller.mayActFor(it.user().appid())).isPresent()
                        ? Uni.createFrom().voidItem()
                        : revoked(token));
  }

  private Uni<Void> revoked(SessionToken token) {
    return sessions
        .revoke(token)
        .invoke(was -> Audit.ended(caller, Optional.empty(), was ? List.of(token.id()) : List.of()))
        .replaceWithVoid();
  }
}
