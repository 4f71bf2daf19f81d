package io.minilogin.relay;

import static io.minilogin.relay.ApiErrors.problem;

import io.minilogin.clients.Clients;
import io.minilogin.connection.UnreadBody;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

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
  private final Clients clients;
  private final ApiAuthentication authentication;
  private final StandInTokenEndpoint endpoint;
  private final ApiProxy proxy;
  private final ApiJournal journal;

  ApiRoute(
      Clients clients,
      ApiAuthentication authentication,
      StandInTokenEndpoint endpoint,
      ApiProxy proxy,
      ApiJournal journal) {
    this.clients = clients;
    this.authentication = authentication;
    this.endpoint = endpoint;
    this.proxy = proxy;
    this.journal = journal;
  }

  /** Whether this route handles the path. */
  public static boolean isHere(String path) {
    return path.equals(ApiPath.PREFIX) || path.startsWith(ApiPath.PREFIX + "/");
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
    var path = path(target);
    return isHere(path) && !path.equals(ApiPath.PREFIX + ApiPath.STABLE_TOKEN);
  }

  /** Returns the problem for a target: below {@code /wechat} it has an errcode as well. */
  public static Problem problemAt(Problem problem, String target) {
    return isHere(path(target)) ? ApiErrors.asErrorOfWechat(problem) : problem;
  }

  private static String path(String target) {
    return target.split("\\?", 2)[0];
  }

  private Uni<?> answer(HttpServerRequest request) {
    if (ApiPath.hasDotSegment(request.uri())) {
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
    var caller = authentication.caller(request, target);
    var entry = journal.begin(caller, target);
    return Uni.createFrom()
        .deferred(
            () -> {
              entry.isAllowed(caller.permission(target));
              return proxy.passOn(request, target, caller);
            })
        .invoke(entry::isAnswered)
        .onFailure()
        .invoke(entry::hasFailed);
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
    if (ProblemException.typeOf(failure) == ProblemType.TOKEN_INVALID) {
      StandInTokenEndpoint.refuseToken(response);
    } else {
      context.fail(failure);
    }
  }
}
