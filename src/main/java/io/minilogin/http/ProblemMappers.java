package io.minilogin.http;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Maps every exception that ends a request in JAX-RS to a problem. */
@Singleton
class ProblemMappers {
  private final ProblemResponses responses;

  ProblemMappers(ProblemResponses responses) {
    this.responses = responses;
  }

  @ServerExceptionMapper
  Response problem(ProblemException e) {
    return responses.response(e.problem()).build();
  }

  @ServerExceptionMapper
  Response methodNotAllowed(NotAllowedException e, UriInfo uri) {
    var allow = Endpoints.allow(uri.getPath());
    return responses
        .response(Problem.of(ProblemType.METHOD_NOT_ALLOWED, "Allowed here: " + allow + "."))
        .header(HttpHeaders.ALLOW, allow)
        .build();
  }

  /** Maps exceptions of Jackson and of the body reader for a body of the wrong form. */
  @ServerExceptionMapper({MismatchedInputException.class, IOException.class})
  Response unreadable(Exception e) {
    return respond(ProblemType.INVALID_REQUEST, MalformedJson.describe(e));
  }

  @ServerExceptionMapper
  Response rejected(WebApplicationException e, UriInfo uri) {
    return switch (e.getResponse().getStatus()) {
      case 404 -> respond(ProblemType.NOT_FOUND, "No resource has this path.");
      case 406 -> respond(ProblemType.NOT_ACCEPTABLE, "Responses are application/json.");
      case 415 ->
          respond(
              ProblemType.UNSUPPORTED_MEDIA_TYPE,
              "The body must be " + Endpoints.bodyType(uri.getPath()) + ".");
      case 400 -> respond(ProblemType.INVALID_REQUEST, MalformedJson.describe(e.getCause()));
      default -> unexpected(e);
    };
  }

  @ServerExceptionMapper
  Response unexpected(Throwable e) {
    return responses.response(responses.problemOf(e)).build();
  }

  private Response respond(ProblemType type, String detail) {
    return responses.response(Problem.of(type, detail)).build();
  }
}
