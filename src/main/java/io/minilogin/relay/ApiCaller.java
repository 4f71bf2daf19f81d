package io.minilogin.relay;

import static io.minilogin.relay.ApiErrors.forbidden;

import io.minilogin.app.WechatApp;
import io.minilogin.clients.ApiPattern;
import io.minilogin.clients.Client;
import java.util.Optional;

/**
 * The client that makes a call, and the app for which it makes the call.
 *
 * @param boundTo the appid of the client's stand-in token, if it sent such a token
 */
record ApiCaller(Client client, WechatApp app, Optional<String> boundTo) {
  /** Returns the pattern in the client's {@code may} that allows the call. */
  ApiPattern permission(ApiTarget target) {
    if (boundTo.filter(bound -> !bound.equals(app.appid())).isPresent()) {
      throw forbidden("The stand-in token is for another app.");
    }
    requireApp();
    var path =
        target
            .path()
            .filter(ApiPath::isPassedOn)
            .orElseThrow(
                () -> forbidden("This path is never forwarded, even if \"may\" lists it."));
    return client
        .allows(path.text())
        .orElseThrow(() -> forbidden("The client's setting \"may\" does not list this path."));
  }

  /** Requires that the client may obtain stand-in tokens for the app. */
  void requireStandInTokens() {
    requireApp();
    if (client.paths().isEmpty()) {
      throw forbidden("The client's setting \"may\" lists no path of WeChat's API.");
    }
  }

  private void requireApp() {
    if (!client.mayActFor(app.appid())) {
      throw forbidden("The client's setting \"apps\" does not list this app.");
    }
  }
}
