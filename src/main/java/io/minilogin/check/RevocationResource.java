package io.minilogin.check;

import io.minilogin.session.Sessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * {@code POST /revoke}: the token's session ends. One that has none was revoked successfully, too.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009">RFC 7009</a>
 */
@ForClients
@Path("/revoke")
class RevocationResource {
  private final Sessions sessions;

  RevocationResource(Sessions sessions) {
    this.sessions = sessions;
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Void>> revoke(byte[] form) {
    return TokenForm.token(form)
        .map(sessions::revoke)
        .orElse(Uni.createFrom().voidItem())
        .map(done -> RestResponse.ok());
  }
}
