package io.minilogin.http;

import io.minilogin.observe.RequestId;
import io.minilogin.observe.TraceId;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemJson;
import io.minilogin.problem.ProblemType;
import io.quarkus.arc.Arc;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The one place that turns a {@link Problem} into an HTTP response, inside JAX-RS and in front of
 * it.
 */
@Singleton
class ProblemResponses {
  private static final Logger LOG = Logger.getLogger(ProblemResponses.class);
  private static final String MEDIA_TYPE = "application/problem+json";

  /** The request that JAX-RS processes. */
  private final RoutingContext current;

  ProblemResponses(RoutingContext current) {
    this.current = current;
  }

  /**
   * Returns the problem of a {@link ProblemException}. Any other failure is a bug, which is logged
   * here.
   */
  Problem problemOf(Throwable failure) {
    if (failure instanceof ProblemException known) {
      return known.problem();
    }
    if (failure instanceof HttpClosedException) {
      LOG.debug("The caller disconnected");
    } else if (Arc.container() == null) {
      // A start can fail after the port has been opened.
      LOG.debug("The service stopped before the request was complete");
    } else {
      LOG.error("Unexpected failure", failure);
    }
    return Problem.of(ProblemType.INTERNAL, "The log has details under this trace_id.");
  }

  /**
   * Returns a response with the problem. The caller adds any further headers that the problem's
   * specification requires.
   */
  Response.ResponseBuilder response(Problem problem) {
    RequestTelemetry.endsIn(problem, current);
    var response = Response.status(problem.type().status()).type(MEDIA_TYPE).entity(body(problem));
    headers(problem).forEach(response::header);
    return response;
  }

  /**
   * Sends the problem as the response to a request that never reaches JAX-RS. No-op if the response
   * has ended.
   */
  void end(RoutingContext request, Problem problem) {
    var response = request.response();
    if (response.ended()) {
      return;
    }
    RequestTelemetry.endsIn(problem, request);
    response.setStatusCode(problem.type().status()).putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
    headers(problem).forEach(response::putHeader);
    response.end(body(problem));
  }

  /** Returns the headers that the problem itself requires. */
  private static Map<String, String> headers(Problem problem) {
    var headers = new HashMap<String, String>();
    problem
        .retryAfter()
        .ifPresent(wait -> headers.put(HttpHeaders.RETRY_AFTER, String.valueOf(wait.toSeconds())));
    problem
        .challenge()
        .ifPresent(challenge -> headers.put(HttpHeaders.WWW_AUTHENTICATE, challenge));
    return headers;
  }

  private static String body(Problem problem) {
    return ProblemJson.of(problem, TraceId.current(), RequestId.current());
  }
}
