package io.minilogin.check;

import io.minilogin.app.WechatApps;
import io.minilogin.clients.Client;
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permission;
import io.minilogin.clients.Permitted;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.UserId;
import io.minilogin.session.UserSessions;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestPath;

/**
 * {@code /users/{appid}/{openid}/sessions}: lists or ends the sessions of a user in an app. An
 * unknown user has no sessions.
 */
@Permitted(Permission.USERS)
@Path("/users/{appid}/{openid}/sessions")
class UserSessionsResource {
  /** Real openids have 28 characters. U+FFFD stands for bytes that are not UTF-8. */
  private static final Pattern OPENID = Pattern.compile("[^\\p{C}\uFFFD]{1,128}");

  private final WechatApps apps;
  private final UserSessions sessions;
  private final ClientAuthentication authentication;
  private final UnknownApps unknown;

  UserSessionsResource(
      WechatApps apps,
      UserSessions sessions,
      ClientAuthentication authentication,
      UnknownApps unknown) {
    this.apps = apps;
    this.sessions = sessions;
    this.authentication = authentication;
    this.unknown = unknown;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<UserSessionsResponse> list(@RestPath String appid, @RestPath String openid) {
    var client = authentication.basic();
    return sessions.list(user(appid, openid, client)).map(UserSessionsResponse::new);
  }

  @DELETE
  public Uni<Void> end(@RestPath String appid, @RestPath String openid) {
    var client = authentication.basic();
    return sessions
        .endAll(user(appid, openid, client))
        .invoke(ended -> Audit.ended(client, Optional.of(appid), ended))
        .replaceWithVoid();
  }

  private UserId user(String appid, String openid, Client client) {
    if (!OPENID.matcher(openid).matches()) {
      throw new ProblemException(
          Problem.of(
              ProblemType.INVALID_REQUEST,
              "The openid has over 128 characters or invalid characters."));
    }
    if (apps.find(appid).isEmpty()) {
      throw new ProblemException(unknown.named(appid));
    }
    authentication.requireApp(client, appid);
    return new UserId(appid, openid);
  }
}
