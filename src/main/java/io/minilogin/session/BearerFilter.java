package io.minilogin.session;

import io.minilogin.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Rejects requests without a valid session. Reads the token only from {@code Authorization:
 * Bearer}. If the session store is unavailable, the filter fails with the store's error, not with a
 * token error.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750, section 2.1</a>
 */
@ApplicationScoped
class BearerFilter {
  private final Sessions sessions;
  private final Caller caller;

  BearerFilter(Sessions sessions, Caller caller) {
    this.sessions = sessions;
    this.caller = caller;
  }

  @WithSession
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  public Uni<Response> authenticate(ContainerRequestContext request) {
    var token =
        BearerHeader.token(request.getHeaders().getOrDefault(HttpHeaders.AUTHORIZATION, List.of()));
    return sessions
        .find(token)
        .invoke(
            found ->
                caller.identify(
                    token, found.orElseThrow(() -> new ProblemException(BearerHeader.INVALID))))
        .map(identified -> null);
  }
}
