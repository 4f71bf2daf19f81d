package io.minilogin.http;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Problems for requests that fail before JAX-RS: Quarkus would answer them with pages of its own.
 */
@Singleton
class RouterProblems {
  private static final int FIRST = Integer.MIN_VALUE;

  /** After the trace id, at -10000. */
  private static final int BEFORE_PATHS_MATTER = -9000;

  private static final int BAD_REQUEST = 400;

  private final ProblemResponses responses;

  RouterProblems(ProblemResponses responses) {
    this.responses = responses;
  }

  void register(@Observes Router router) {
    router.route().order(FIRST).failureHandler(this::answer);
    router.route().order(BEFORE_PATHS_MATTER).handler(RouterProblems::checkPath);
  }

  /** The router itself would take a path with a malformed escape for a failure of ours. */
  private static void checkPath(RoutingContext request) {
    try {
      request.normalizedPath();
    } catch (IllegalArgumentException e) {
      request.fail(BAD_REQUEST);
      return;
    }
    request.next();
  }

  private void answer(RoutingContext request) {
    responses.end(request.response(), problem(request));
  }

  private Problem problem(RoutingContext request) {
    return switch (request.statusCode()) {
      case 400 ->
          Problem.of(
              ProblemType.INVALID_REQUEST, "The request line, a header or a form is malformed.");
      case 404 -> Problem.of(ProblemType.NOT_FOUND, "No resource has this path.");
      case 405 -> Problem.of(ProblemType.METHOD_NOT_ALLOWED, "No resource has this method.");
      case 413 ->
          Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body is larger than what is read here.");
      default -> responses.problemOf(request.failure());
    };
  }
}
