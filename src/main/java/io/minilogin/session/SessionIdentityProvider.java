package io.minilogin.session;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Finds the session behind a token. When the store can't be asked it fails as the store does: that
 * is not a bad token.
 */
@Singleton
class SessionIdentityProvider implements IdentityProvider<SessionTokenRequest> {
  private final SessionStore store;

  SessionIdentityProvider(SessionStore store) {
    this.store = store;
  }

  @Override
  public Class<SessionTokenRequest> getRequestType() {
    return SessionTokenRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      SessionTokenRequest request, AuthenticationRequestContext context) {
    return store
        .find(request.token())
        .map(
            found ->
                found
                    .map(session -> identity(new SessionPrincipal(request.token(), session)))
                    .orElseThrow(AuthenticationFailedException::new));
  }

  private static SecurityIdentity identity(SessionPrincipal principal) {
    return QuarkusSecurityIdentity.builder().setPrincipal(principal).build();
  }
}
