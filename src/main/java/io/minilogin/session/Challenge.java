package io.minilogin.session;

import io.minilogin.http.ProblemResponses;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.UnauthorizedException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers a request that Quarkus' security refused for want of a good token. */
@Singleton
class Challenge {
  private final ProblemResponses responses;

  Challenge(ProblemResponses responses) {
    this.responses = responses;
  }

  @ServerExceptionMapper
  Response missing(UnauthorizedException e) {
    return responses.response(TokenProblems.MISSING).build();
  }

  @ServerExceptionMapper
  Response invalid(AuthenticationFailedException e) {
    return responses.response(TokenProblems.INVALID).build();
  }
}
