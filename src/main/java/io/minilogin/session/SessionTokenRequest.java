package io.minilogin.session;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** Asks for the identity behind a token. */
final class SessionTokenRequest extends BaseAuthenticationRequest {
  private final SessionToken token;

  SessionTokenRequest(SessionToken token) {
    this.token = token;
  }

  SessionToken token() {
    return token;
  }
}
