package io.minilogin.users;

import io.minilogin.clients.Audit;
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permission;
import io.minilogin.clients.Permitted;
import io.minilogin.session.Ending;
import io.minilogin.session.UserSessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/**
 * {@code /users/{appid}/{openid}/sessions}: lists or ends the sessions of a user in an app. An
 * unknown user has no sessions.
 */
@Permitted(Permission.USERS)
@Path("/users/{appid}/{openid}/sessions")
class UserSessionsResource {
  private final UserSessions sessions;
  private final ClientAuthentication authentication;
  private final NamedUsers users;

  UserSessionsResource(
      UserSessions sessions, ClientAuthentication authentication, NamedUsers users) {
    this.sessions = sessions;
    this.authentication = authentication;
    this.users = users;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<UserSessionsResponse> list(@RestPath String appid, @RestPath String openid) {
    var client = authentication.basic();
    return sessions.list(users.require(appid, openid, client)).map(UserSessionsResponse::new);
  }

  @DELETE
  public Uni<Void> end(@RestPath String appid, @RestPath String openid) {
    var client = authentication.basic();
    return sessions
        .endAll(users.require(appid, openid, client), Ending.THROWN_OUT)
        .invoke(ended -> Audit.ended(client, Optional.of(appid), ended))
        .replaceWithVoid();
  }
}
