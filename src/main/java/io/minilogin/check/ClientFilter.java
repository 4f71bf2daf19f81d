package io.minilogin.check;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Lets only configured clients through, by HTTP Basic, and only to what they may do. */
@ApplicationScoped
class ClientFilter {
  private static final Problem FORBIDDEN =
      Problem.of(ProblemType.CLIENT_FORBIDDEN, "The client's setting \"may\" does not list this.")
          .oauthError("unauthorized_client");

  private final Clients clients;
  private final CallingClient caller;

  ClientFilter(Clients clients, CallingClient caller) {
    this.clients = clients;
    this.caller = caller;
  }

  @ForClients
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  public void authenticate(ContainerRequestContext request) {
    var headers = request.getHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of());
    var client =
        clients.byBasic(headers).orElseThrow(() -> new ProblemException(Clients.UNAUTHORIZED));
    var wanted = Permission.on(request.getUriInfo().getPath());
    if (wanted.filter(client.may()::contains).isEmpty()) {
      throw new ProblemException(FORBIDDEN);
    }
    caller.identify(client);
  }
}
