package io.minilogin.gateway;

import io.minilogin.operation.TraceId;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemResponses;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.BearerHeader;
import io.minilogin.session.Session;
import io.minilogin.session.SessionStore;
import io.minilogin.session.TokenProblems;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Forward auth. */
@Singleton
class VerifyRoute {
  private static final String PATH = "/verify";

  private final SessionStore sessions;
  private final ProblemResponses problems;

  VerifyRoute(SessionStore sessions, ProblemResponses problems) {
    this.sessions = sessions;
    this.problems = problems;
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).handler(this::handle);
  }

  private void handle(RoutingContext context) {
    var request = context.request();
    var path = request.path();
    if (path.startsWith(PATH)
        && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/')) {
      verify(request);
    } else {
      context.next();
    }
  }

  private void verify(HttpServerRequest request) {
    var header = BearerHeader.of(request.headers().getAll("Authorization"));
    if (header instanceof BearerHeader.Given given) {
      sessions
          .find(given.token())
          .subscribe()
          .with(
              found ->
                  found.ifPresentOrElse(
                      session -> accept(request, session),
                      () -> refuse(request, TokenProblems.INVALID)),
              failure -> refuse(request, problem(failure)));
    } else if (header instanceof BearerHeader.Missing) {
      refuse(request, TokenProblems.MISSING);
    } else {
      refuse(
          request,
          header instanceof BearerHeader.Foreign ? TokenProblems.INVALID : TokenProblems.AMBIGUOUS);
    }
  }

  private static void accept(HttpServerRequest request, Session session) {
    request
        .response()
        .putHeader("X-WX-OPENID", session.openid())
        .putHeader("X-WX-APPID", session.appid())
        .putHeader("X-WX-UNIONID", session.unionid().orElse(""))
        .putHeader("X-WX-SOURCE", "wx_client")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Content-Length", "0")
        .end();
  }

  private void refuse(HttpServerRequest request, Problem problem) {
    TraceId.begin(request);
    problems.end(request.response(), problem);
  }

  private static Problem problem(Throwable failure) {
    return failure instanceof ProblemException known
        ? known.problem()
        : Problem.of(ProblemType.INTERNAL, "The log tells more under this trace_id.");
  }
}
