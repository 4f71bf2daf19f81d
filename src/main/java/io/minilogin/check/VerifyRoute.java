package io.minilogin.check;

import io.minilogin.problem.ProblemException;
import io.minilogin.session.BearerHeader;
import io.minilogin.session.Session;
import io.minilogin.session.Sessions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
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

  /** Answers what is asked here, and passes everything else on. */
  public void handle(RoutingContext context) {
    if (isHere(context.request().path())) {
      UnreadBody.dismiss(context.request());
      verify(context);
    } else {
      context.next();
    }
  }

  /** Whether a request for this path is answered here. */
  public static boolean isHere(String path) {
    return path.startsWith(PATH)
        && (path.length() == PATH.length() || path.charAt(PATH.length()) == '/');
  }

  private void verify(RoutingContext context) {
    // The one subscription of the service's own: there is no framework between it and the wire.
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
    // Not putHeader, which would lock the connection and look for an older value five times.
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
