package io.minilogin.check;

import io.minilogin.http.ProblemResponses;
import io.minilogin.http.TraceId;
import io.minilogin.problem.Problem;
import io.minilogin.session.BearerHeader;
import io.minilogin.session.Session;
import io.minilogin.session.SessionStore;
import io.minilogin.session.TokenProblems;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The gateway's question, forward auth: who is behind this request? Gateways ask it with the
 * request's own method, path, query and headers, or with others; only Authorization counts.
 *
 * <p>A route in front of all others instead of a resource: it must not see paths normalised or
 * refused, nor bodies counted, and it is asked for each request to a backend, so it costs no more
 * than it must. An identity header that is not in the answer would leave the client's own in place
 * in some gateways, so all of them are there always. The answer has no body, or gateways would open
 * a connection for each check.
 */
@Singleton
class VerifyRoute {
  private static final String PATH = "/verify";
  private static final CharSequence OPENID = HttpHeaders.createOptimized("X-WX-OPENID");
  private static final CharSequence APPID = HttpHeaders.createOptimized("X-WX-APPID");
  private static final CharSequence UNIONID = HttpHeaders.createOptimized("X-WX-UNIONID");
  private static final CharSequence SOURCE = HttpHeaders.createOptimized("X-WX-SOURCE");
  private static final CharSequence WX_CLIENT = HttpHeaders.createOptimized("wx_client");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence ZERO = HttpHeaders.createOptimized("0");

  private final SessionStore sessions;
  private final ProblemResponses problems;
  private final VerifyMetrics metrics;

  VerifyRoute(SessionStore sessions, ProblemResponses problems, VerifyMetrics metrics) {
    this.sessions = sessions;
    this.problems = problems;
    this.metrics = metrics;
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).handler(this::route);
  }

  private void route(RoutingContext context) {
    var request = context.request();
    if (isHere(request.path())) {
      UnreadBody.dismiss(request);
      verify(request);
    } else {
      context.next();
    }
  }

  private static boolean isHere(String path) {
    return path.startsWith(PATH)
        && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/');
  }

  private void verify(HttpServerRequest request) {
    var header = BearerHeader.of(request.headers().getAll(HttpHeaders.AUTHORIZATION));
    if (header instanceof BearerHeader.Given given) {
      // The one subscription of the service's own: there is no framework between it and the wire.
      sessions
          .find(given.token())
          .subscribe()
          .with(
              found ->
                  found.ifPresentOrElse(
                      session -> accept(request, session),
                      () -> refuse(request, TokenProblems.INVALID)),
              failure -> fail(request, failure));
    } else {
      refuse(request, TokenProblems.of(header));
    }
  }

  private void accept(HttpServerRequest request, Session session) {
    metrics.accepted();
    // Not putHeader, which would lock the connection and look for an older value six times.
    request
        .response()
        .headers()
        .add(OPENID, session.openid())
        .add(APPID, session.appid())
        .add(UNIONID, session.unionid().orElse(""))
        .add(SOURCE, WX_CLIENT)
        .add(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .add(HttpHeaders.CONTENT_LENGTH, ZERO);
    request.response().end();
  }

  private void fail(HttpServerRequest request, Throwable failure) {
    TraceId.begin(request);
    end(request, problems.problemOf(failure));
  }

  private void refuse(HttpServerRequest request, Problem problem) {
    TraceId.begin(request);
    end(request, problem);
  }

  private void end(HttpServerRequest request, Problem problem) {
    metrics.refused(problem.type());
    problems.end(request.response(), problem);
  }
}
