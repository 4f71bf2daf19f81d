package io.minilogin.check;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import jakarta.annotation.Priority;
import jakarta.inject.Provider;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/**
 * Lets only configured clients through. A filter and no authentication mechanism of Quarkus', which
 * would let HTTP Basic in wherever a bearer token is asked for.
 */
@ClientsOnly
@Priority(Priorities.AUTHENTICATION)
@jakarta.ws.rs.ext.Provider
class ClientFilter implements ContainerRequestFilter {
  private static final Problem UNAUTHORIZED =
      Problem.of(ProblemType.CLIENT_UNAUTHORIZED, "Send a client's id and secret as HTTP Basic.")
          .challenge("Basic realm=\"mini-login\", charset=\"UTF-8\"")
          .oauthError("invalid_client");

  /** JAX-RS makes its filters before there is a configuration. */
  private final Provider<Clients> clients;

  ClientFilter(Provider<Clients> clients) {
    this.clients = clients;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    var headers = request.getHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of());
    if (!clients.get().include(Credentials.readings(headers))) {
      throw new ProblemException(UNAUTHORIZED);
    }
  }
}
