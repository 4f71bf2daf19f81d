package io.minilogin.relay;

import static io.minilogin.relay.ApiErrors.problem;
import static io.minilogin.relay.ApiErrors.refusal;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.clients.Client;
import io.minilogin.clients.Clients;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Determines who makes a call and for which app. A client sends its id and secret, or a stand-in
 * token.
 */
@Singleton
class ApiAuthentication {
  private static final String FROM_APPID = "X-WX-FROM-APPID";

  private final Clients clients;
  private final WechatApps apps;
  private final StandInTokens standIns;
  private final UnknownApps unknown;

  ApiAuthentication(Clients clients, WechatApps apps, StandInTokens standIns, UnknownApps unknown) {
    this.clients = clients;
    this.apps = apps;
    this.standIns = standIns;
    this.unknown = unknown;
  }

  /** Returns the caller. Throws a problem if the client or the app is unknown. */
  ApiCaller caller(HttpServerRequest request, ApiTarget target) {
    var headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (!headers.isEmpty()) {
      var client = clients.byBasic(headers).orElseThrow(() -> unauthorized(40001));
      return caller(client, Optional.empty(), request, target);
    }
    if (target.tokens().isEmpty()) {
      throw unauthorized(41001);
    }
    var bearer =
        standIns
            .read(target.tokens())
            .orElseThrow(
                () -> problem(ProblemType.TOKEN_INVALID, "This is not a stand-in token.", 40001));
    return caller(bearer.client(), Optional.of(bearer.appid()), request, target);
  }

  private ApiCaller caller(
      Client client, Optional<String> boundTo, HttpServerRequest request, ApiTarget target) {
    var app =
        only("from_appid", target.appids())
            .or(() -> only(FROM_APPID, request.headers().getAll(FROM_APPID)))
            .or(() -> boundTo)
            .or(client::onlyApp)
            .map(this::app)
            .or(apps::only)
            .orElseThrow(
                () ->
                    refusal(
                        unknown.missing("Several apps are configured: name one as from_appid."),
                        48001));
    return new ApiCaller(client, app, boundTo);
  }

  private static Optional<String> only(String name, List<String> appids) {
    if (appids.stream().distinct().count() > 1) {
      throw problem(ProblemType.INVALID_REQUEST, name + " names several apps.", 47001);
    }
    return appids.stream().findFirst();
  }

  /** Returns the configured app. Throws a problem if the appid is unknown. */
  WechatApp app(String appid) {
    return apps.find(appid).orElseThrow(() -> refusal(unknown.named(appid), 40013));
  }

  private static ProblemException unauthorized(int errcode) {
    return refusal(Clients.UNAUTHORIZED, errcode);
  }
}
