package io.minilogin.relay;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.clients.ApiPattern;
import io.minilogin.clients.Client;
import io.minilogin.clients.Clients;
import io.minilogin.connection.UnreadBody;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * WeChat's API for backends, below {@code /wechat/}. Calls of a client to the paths that it may
 * call are forwarded with the app's access token.
 *
 * <p>This is a route before all others and not a resource, because it needs the raw path and query
 * and streams bodies. Errors are problems that SDKs for WeChat can read as well.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloudrun/src/guide/weixin/open.html">the
 *     open API service of WeChat's cloud</a>
 */
@Singleton
public class ApiRoute {
  private static final String FROM_APPID = "X-WX-FROM-APPID";

  private final Clients clients;
  private final WechatApps apps;
  private final StandInTokens standIns;
  private final StandInTokenEndpoint endpoint;
  private final ApiProxy proxy;
  private final ApiJournal journal;
  private final UnknownApps unknown;

  ApiRoute(
      Clients clients,
      WechatApps apps,
      StandInTokens standIns,
      StandInTokenEndpoint endpoint,
      ApiProxy proxy,
      ApiJournal journal,
      UnknownApps unknown) {
    this.clients = clients;
    this.apps = apps;
    this.standIns = standIns;
    this.endpoint = endpoint;
    this.proxy = proxy;
    this.journal = journal;
    this.unknown = unknown;
  }

  /** A client, and the app of its stand-in token if it sent such a token. */
  private record Caller(Client client, Optional<String> appid) {}

  /** Whether this route handles the path. */
  public static boolean isHere(String path) {
    return path.startsWith(ApiTarget.PREFIX)
        && (path.length() == ApiTarget.PREFIX.length()
            || path.charAt(ApiTarget.PREFIX.length()) == '/');
  }

  /** Handles requests below {@code /wechat} and passes all others to the next route. */
  public void handle(RoutingContext context) {
    if (isHere(context.request().path())) {
      // As in forward auth, no framework subscribes for us.
      Uni.createFrom()
          .deferred(() -> answer(context.request()))
          .subscribe()
          .with(answered -> {}, failure -> fail(context, failure));
    } else {
      context.next();
    }
  }

  /** Whether the body of a request with this target is forwarded at the speed of WeChat. */
  public static boolean isPassedOn(String target) {
    var mark = target.indexOf('?');
    var path = mark < 0 ? target : target.substring(0, mark);
    return isHere(path) && !path.equals(ApiTarget.PREFIX + ApiTarget.STABLE_TOKEN);
  }

  private Uni<?> answer(HttpServerRequest request) {
    if (ApiTarget.hasDotSegment(request.uri())) {
      throw problem(ProblemType.NOT_FOUND, "The path has a dot segment.", 48001);
    }
    if (clients.areNone()) {
      throw problem(ProblemType.NOT_FOUND, "No client is configured.", 48001);
    }
    var target = ApiTarget.of(request.uri());
    if (StandInTokenEndpoint.isMeant(target)) {
      return endpoint.answer(request, target);
    }
    // A reply to TRACE would contain the access token.
    if (request.method().equals(HttpMethod.TRACE)) {
      throw problem(ProblemType.METHOD_NOT_ALLOWED, "TRACE is not forwarded.", 43002);
    }
    var caller = caller(request, target);
    var app = app(request, target, caller);
    var entry = journal.begin(caller.client(), app, target);
    return Uni.createFrom()
        .deferred(
            () -> {
              entry.isAllowed(permission(target, app, caller));
              return proxy.passOn(request, target, app, caller.client());
            })
        .invoke(entry::isAnswered)
        .onFailure()
        .invoke(entry::hasFailed);
  }

  private Caller caller(HttpServerRequest request, ApiTarget target) {
    var headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (!headers.isEmpty()) {
      return clients
          .byBasic(headers)
          .map(client -> new Caller(client, Optional.empty()))
          .orElseThrow(() -> unauthorized(40001));
    }
    if (target.tokens().isEmpty()) {
      throw unauthorized(41001);
    }
    return standIns
        .read(target.tokens())
        .map(bearer -> new Caller(bearer.client(), Optional.of(bearer.appid())))
        .orElseThrow(
            () -> problem(ProblemType.TOKEN_INVALID, "This is not a stand-in token.", 40001));
  }

  private WechatApp app(HttpServerRequest request, ApiTarget target, Caller caller) {
    if (target.appids().size() > 1) {
      throw problem(ProblemType.INVALID_REQUEST, "from_appid names several apps.", 47001);
    }
    var named =
        target.appids().stream()
            .findFirst()
            .or(() -> Optional.ofNullable(request.getHeader(FROM_APPID)));
    return named
        .or(caller::appid)
        .map(appid -> apps.find(appid).orElseThrow(() -> refusal(unknown.named(appid), 40013)))
        .or(apps::only)
        .orElseThrow(
            () ->
                refusal(
                    unknown.missing("Several apps are configured: name one as from_appid."),
                    48001));
  }

  /** Returns the pattern in the client's {@code may} that allows the call. */
  private static ApiPattern permission(ApiTarget target, WechatApp app, Caller caller) {
    if (caller.appid().filter(bound -> !bound.equals(app.appid())).isPresent()) {
      throw forbidden("The stand-in token is for another app.");
    }
    requireApp(caller.client(), app.appid());
    var path =
        target
            .path()
            .filter(it -> target.isPassedOn())
            .orElseThrow(
                () -> forbidden("This path is never forwarded, even if \"may\" lists it."));
    return caller
        .client()
        .allows(path)
        .orElseThrow(() -> forbidden("The client's setting \"may\" does not list this path."));
  }

  static void requireApp(Client client, String appid) {
    if (!client.mayActFor(appid)) {
      throw forbidden("The client's setting \"apps\" does not list this app.");
    }
  }

  private static void fail(RoutingContext context, Throwable failure) {
    var request = context.request();
    var response = request.response();
    if (response.closed() || response.headWritten()) {
      // It is too late for a problem, so closing the connection reports the failure.
      request.connection().close();
      return;
    }
    UnreadBody.dismiss(request);
    if (failure instanceof ProblemException known
        && known.problem().type() == ProblemType.TOKEN_INVALID) {
      StandInTokenEndpoint.refuseToken(response);
    } else {
      context.fail(failure);
    }
  }

  /** Returns the problem with an errcode and an errmsg, so that SDKs for WeChat can read it. */
  public static Problem asErrorOfWechat(Problem problem) {
    var action = problem.retryAfter().isPresent() ? Action.RETRY : Action.NONE;
    return problem.errmsg().isPresent()
        ? problem
        : problem.inPlaceOfLogin(action).asErrorOfWechat(errcode(problem.type()));
  }

  /** Returns the errcode for a problem. SDKs retry after -1. */
  private static int errcode(ProblemType type) {
    return switch (type) {
      case CLIENT_FORBIDDEN -> 85107;
      case CONTENT_TOO_LARGE -> 45001;
      case INVALID_REQUEST -> 47001;
      default -> -1;
    };
  }

  static ProblemException forbidden(String detail) {
    return problem(ProblemType.CLIENT_FORBIDDEN, detail, 85107);
  }

  private static ProblemException unauthorized(int errcode) {
    return refusal(Clients.UNAUTHORIZED, errcode);
  }

  static ProblemException problem(ProblemType type, String detail, int errcode) {
    return refusal(Problem.of(type, detail), errcode);
  }

  static ProblemException refusal(Problem problem, int errcode) {
    return new ProblemException(problem.asErrorOfWechat(errcode));
  }
}
