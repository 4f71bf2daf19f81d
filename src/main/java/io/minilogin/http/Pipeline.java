package io.minilogin.http;

import io.minilogin.check.VerifyRoute;
import io.minilogin.clients.Clients;
import io.minilogin.connection.RequestGuard;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.minilogin.push.PushRoute;
import io.minilogin.relay.ApiRoute;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Defines the order in which a request passes the service. {@link RequestGuard} comes first, on the
 * connection. JAX-RS comes last: the name-bound filter for a bearer token, then a resource. Every
 * failure becomes a problem.
 */
@Singleton
class Pipeline {
  private static final int FAILURES = Integer.MIN_VALUE;

  /**
   * Handles {@code /verify}, too, before any handler reads the path or the body, which it ignores.
   */
  private static final int EVERY_REQUEST = FAILURES + 1;

  /** Comes before any handler reads the path or the body, which are passed on unchanged. */
  private static final int API = EVERY_REQUEST + 1;

  /** Comes before the limit of other bodies. */
  private static final int PUSH = API + 1;

  private static final int PATH = PUSH + 1;
  private static final int CLIENTS = PATH + 1;
  private static final int CONTENT_TYPE = CLIENTS + 1;

  /**
   * Comes before Quarkus' own check of the same limit (order -2), which responds without a problem.
   */
  private static final int BODY = CONTENT_TYPE + 1;

  private static final int METHODS = BODY + 1;

  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final VerifyRoute verify;
  private final ApiRoute api;
  private final PushRoute push;
  private final Clients clients;
  private final RequestBody body;
  private final ProblemResponses responses;
  private final RequestTelemetry telemetry;

  Pipeline(
      VerifyRoute verify,
      ApiRoute api,
      PushRoute push,
      Clients clients,
      RequestBody body,
      ProblemResponses responses,
      RequestTelemetry telemetry) {
    this.verify = verify;
    this.api = api;
    this.push = push;
    this.clients = clients;
    this.body = body;
    this.responses = responses;
    this.telemetry = telemetry;
  }

  void register(@Observes Router router) {
    router.route().order(FAILURES).failureHandler(this::answer);
    router.route().order(EVERY_REQUEST).handler(this::begin);
    router.route().order(API).handler(api::handle);
    router.route().order(PUSH).handler(push::handle);
    router.route().order(PATH).handler(Pipeline::checkPath);
    Endpoints.FOR_CLIENTS.forEach(
        path -> router.route(path).order(CLIENTS).handler(this::requireClients));
    router.route().order(CONTENT_TYPE).handler(ContentType::simplify);
    router.route().order(BODY).handler(body::check);
    router.route().method(HttpMethod.OPTIONS).order(METHODS).handler(Pipeline::showMethods);
  }

  /**
   * Begins each request. Forbids caching, because every response depends on a token or a code, or
   * reports a temporary failure. WeChat does not cache.
   */
  private void begin(RoutingContext request) {
    telemetry.begin(request);
    forbidCaching(request);
    verify.handle(request);
  }

  private static void forbidCaching(RoutingContext request) {
    if (!PushRoute.isHere(request.request().path())) {
      request.response().headers().set(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }
  }

  /**
   * Rejects a path with a malformed escape, which the router itself would report as an internal
   * error.
   */
  private static void checkPath(RoutingContext request) {
    try {
      request.normalizedPath();
    } catch (IllegalArgumentException e) {
      request.fail(BAD_REQUEST);
      return;
    }
    request.next();
  }

  /**
   * Responds with 404 to every method if no clients are configured. JAX-RS would tell which methods
   * exist.
   */
  private void requireClients(RoutingContext request) {
    if (clients.areNone()) {
      request.fail(NOT_FOUND);
    } else {
      request.next();
    }
  }

  /**
   * Answers OPTIONS with the methods of the path. RESTEasy would list HEAD for paths without GET.
   */
  private static void showMethods(RoutingContext request) {
    var allow = Endpoints.allow(request.normalizedPath());
    if (allow.isEmpty()) {
      request.next();
    } else {
      request.response().putHeader(HttpHeaders.ALLOW, allow).end();
    }
  }

  /**
   * Answers failures. The router itself fails a request without a Host header and a request for
   * {@code *}, before any handler.
   */
  private void answer(RoutingContext request) {
    forbidCaching(request);
    responses.end(request, ApiRoute.problemAt(problem(request), request.request().path()));
  }

  private Problem problem(RoutingContext request) {
    return switch (request.statusCode()) {
      case 400 ->
          Problem.of(
              ProblemType.INVALID_REQUEST, "The request line, a header or a form is malformed.");
      case 404 -> Problem.of(ProblemType.NOT_FOUND, "No resource has this path.");
      case 405 ->
          Problem.of(ProblemType.METHOD_NOT_ALLOWED, "The resource does not support this method.");
      case 413 -> Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body is larger than the limit.");
      default -> responses.problemOf(request.failure());
    };
  }
}
