package io.minilogin.check;

import io.minilogin.connection.UnreadBody;
import io.minilogin.problem.ProblemException;
import io.minilogin.session.BearerHeader;
import io.minilogin.session.Session;
import io.minilogin.session.Sessions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * Forward auth: tells a gateway which user sends a request. Gateways ask with the method, path,
 * query and headers of the request, or with others; only Authorization counts.
 *
 * <p>This is a route in front of all others, not a resource, because paths must not be normalised
 * or refused here and bodies must not be counted. It is also called for each request to a backend,
 * so it must be cheap. The answer always has all identity headers: without one of them, some
 * gateways would leave the client's own header in place. The answer has no body, because gateways
 * would open a connection for each check otherwise.
 */
@Singleton
public class VerifyRoute {
  private static final String PATH = "/verify";
  private static final CharSequence OPENID = HttpHeaders.createOptimized("X-WX-OPENID");
  private static final CharSequence APPID = HttpHeaders.createOptimized("X-WX-APPID");
  private static final CharSequence UNIONID = HttpHeaders.createOptimized("X-WX-UNIONID");
  private static final CharSequence SOURCE = HttpHeaders.createOptimized("X-WX-SOURCE");
  private static final CharSequence WX_CLIENT = HttpHeaders.createOptimized("wx_client");
  private static final CharSequence ZERO = HttpHeaders.createOptimized("0");

  private final Sessions sessions;

  VerifyRoute(Sessions sessions) {
    this.sessions = sessions;
  }

  /** Answers requests for this route and passes all others to the next route. */
  public void handle(RoutingContext context) {
    if (isHere(context.request().path())) {
      UnreadBody.dismiss(context.request());
      verify(context);
    } else {
      context.next();
    }
  }

  /** Returns whether this route answers requests for this path. */
  public static boolean isHere(String path) {
    return path.startsWith(PATH)
        && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/');
  }

  private void verify(RoutingContext context) {
    // Subscribes itself, because no framework is between this route and the connection.
    sessions
        .find(BearerHeader.token(context.request().headers().getAll(HttpHeaders.AUTHORIZATION)))
        .subscribe()
        .with(
            found ->
                found.ifPresentOrElse(
                    session -> accept(context.request(), session),
                    () -> context.fail(new ProblemException(BearerHeader.INVALID))),
            failure -> context.fail(failure));
  }

  private void accept(HttpServerRequest request, Session session) {
    // putHeader would lock the connection and look for an older value five times.
    request
        .response()
        .headers()
        .add(OPENID, session.user().openid())
        .add(APPID, session.user().appid())
        .add(UNIONID, session.unionid().orElse(""))
        .add(SOURCE, WX_CLIENT)
        .add(HttpHeaders.CONTENT_LENGTH, ZERO);
    request.response().end();
  }
}
