package io.minilogin.problem;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Problems for requests that never reach JAX-RS: its handlers would answer with pages of their own.
 */
@Singleton
class RouterProblems {
  private static final Logger LOG = Logger.getLogger(RouterProblems.class);

  private final ProblemResponses responses;

  RouterProblems(ProblemResponses responses) {
    this.responses = responses;
  }

  void register(@Observes Router router) {
    Map.of(
            400,
                Problem.of(
                    ProblemType.INVALID_REQUEST, "The request line or a header is malformed."),
            404, Problem.of(ProblemType.NOT_FOUND, "No resource has this path."),
            405, Problem.of(ProblemType.METHOD_NOT_ALLOWED, "This method is not known here."),
            413, Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body may have 16 KB."))
        .forEach((status, problem) -> router.errorHandler(status, r -> responses.end(r, problem)));
    router.errorHandler(500, this::unexpected);
  }

  private void unexpected(RoutingContext request) {
    LOG.error("Unexpected failure before the resource", request.failure());
    responses.end(
        request, Problem.of(ProblemType.INTERNAL, "The log tells more under this trace_id."));
  }
}
