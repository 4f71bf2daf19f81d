package io.minilogin.session;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemResponses;
import io.minilogin.problem.ProblemType;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Answers a request without a good token.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 */
@Singleton
class Challenge {
  /** A request without any credentials gets no error code (RFC 6750, section 3.1). */
  static final String MISSING = "Bearer realm=\"mini-login\"";

  private static final String INVALID = MISSING + ", error=\"invalid_token\"";

  private final ProblemResponses responses;

  Challenge(ProblemResponses responses) {
    this.responses = responses;
  }

  @ServerExceptionMapper
  Response missing(UnauthorizedException e) {
    return challenge(
        MISSING, ProblemType.TOKEN_MISSING, "Send the token as \"Authorization: Bearer …\".");
  }

  @ServerExceptionMapper
  Response invalid(AuthenticationFailedException e) {
    return challenge(INVALID, ProblemType.TOKEN_INVALID, "No session has this token.");
  }

  private Response challenge(String header, ProblemType type, String detail) {
    return responses
        .response(Problem.of(type, detail))
        .header(HttpHeaders.WWW_AUTHENTICATE, header)
        .build();
  }
}
