package io.minilogin.check;

import io.minilogin.app.WechatApps;
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

/** A user's sessions in an app: list them, end all of them. An unknown user has none. */
@ForClients
@Path("/users/{appid}/{openid}/sessions")
class UserSessionsResource {
  /** Real ones have 28 characters. U+FFFD is what became of bytes that are not UTF-8. */
  private static final Pattern OPENID = Pattern.compile("[^\\p{C}\uFFFD]{1,128}");

  private final WechatApps apps;
  private final UserSessions sessions;
  private final CallingClient caller;

  UserSessionsResource(WechatApps apps, UserSessions sessions, CallingClient caller) {
    this.apps = apps;
    this.sessions = sessions;
    this.caller = caller;
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<UserSessionsAnswer> list(@RestPath String appid, @RestPath String openid) {
    return sessions.list(user(appid, openid)).map(UserSessionsAnswer::new);
  }

  @DELETE
  public Uni<Void> end(@RestPath String appid, @RestPath String openid) {
    return sessions
        .endAll(user(appid, openid))
        .invoke(ended -> Audit.ended(caller, Optional.of(appid), ended))
        .replaceWithVoid();
  }

  private UserId user(String appid, String openid) {
    if (!OPENID.matcher(openid).matches()) {
      throw new ProblemException(
          Problem.of(
              ProblemType.INVALID_REQUEST,
              "The openid has over 128 characters, or some that no openid has."));
    }
    if (apps.find(appid).isEmpty()) {
      throw new ProblemException(
          Problem.of(ProblemType.UNKNOWN_APP, "This appid is not configured."));
    }
    if (!caller.mayActFor(appid)) {
      throw new ProblemException(
          Problem.of(
              ProblemType.CLIENT_FORBIDDEN, "The client's setting \"apps\" does not list this."));
    }
    return new UserId(appid, openid);
  }
}
