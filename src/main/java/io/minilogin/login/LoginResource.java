package io.minilogin.login;

import io.minilogin.app.WechatApp;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestHeader;

/** {@code POST /login}: exchanges a code for a token. */
@Path("/login")
class LoginResource {
  private static final String LOGINS = "mini_login.logins";
  private static final String APP = "app";

  private final AppChoice apps;
  private final CodeExchange exchange;
  private final Outcomes outcomes;

  LoginResource(AppChoice apps, CodeExchange exchange, Outcomes outcomes) {
    this.apps = apps;
    this.exchange = exchange;
    this.outcomes = outcomes;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<LoginResponse> login(LoginRequest body, @RestHeader("Referer") String referer) {
    var request = LoginRequest.checked(body);
    var app = chosen(Optional.ofNullable(request.appid()), Optional.ofNullable(referer));
    var login =
        exchange.login(app, request.code()).map(LoginOutcome::orThrow).map(LoginResponse::of);
    return outcomes.counted(login, LOGINS, APP, app.appid());
  }

  /**
   * Returns the app of the login. Counts a login of an app that is not configured under {@code
   * unknown}, whatever its appid.
   */
  private WechatApp chosen(Optional<String> appid, Optional<String> referer) {
    try {
      return apps.choose(appid, referer);
    } catch (ProblemException e) {
      outcomes.counter(Outcomes.of(e), LOGINS, APP, "unknown").increment();
      throw e;
    }
  }
}
