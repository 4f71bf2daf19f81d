package io.minilogin.login;

import io.minilogin.app.WechatApp;
import io.minilogin.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** {@code POST /login}: a code in, a token out. */
@Path("/login")
class LoginResource {
  private final AppChoice apps;
  private final CodeExchange exchange;
  private final LoginMetrics metrics;

  LoginResource(AppChoice apps, CodeExchange exchange, LoginMetrics metrics) {
    this.apps = apps;
    this.exchange = exchange;
    this.metrics = metrics;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<LoginResponse>> login(
      LoginRequest body, @RestHeader("Referer") String referer) {
    var request = LoginRequest.checked(body);
    var app = chosen(Optional.ofNullable(request.appid()), Optional.ofNullable(referer));
    return exchange
        .login(app, request.code())
        .map(LoginResource::loggedIn)
        .invoke(done -> metrics.succeeded(app.appid()))
        .onFailure(ProblemException.class)
        .invoke(e -> metrics.failed(app.appid(), problem(e)));
  }

  private WechatApp chosen(Optional<String> appid, Optional<String> referer) {
    try {
      return apps.choose(appid, referer);
    } catch (ProblemException e) {
      metrics.failed(LoginMetrics.UNKNOWN_APP, problem(e));
      throw e;
    }
  }

  private static RestResponse<LoginResponse> loggedIn(LoginOutcome outcome) {
    if (outcome instanceof LoginOutcome.Refused refused) {
      throw new ProblemException(refused.why().problem());
    }
    return ResponseBuilder.ok(LoginResponse.of((LoginOutcome.LoggedIn) outcome))
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }

  private static String problem(Throwable failure) {
    return ((ProblemException) failure).problem().type().text();
  }
}
