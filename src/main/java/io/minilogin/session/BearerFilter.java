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
 * Lets only requests with a session through. Takes the token from {@code Authorization: Bearer} and
 * from nowhere else. When the store can't be asked it fails as the store does: that is not a bad
 * token.
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
        .map(goOn -> null);
  }
}
