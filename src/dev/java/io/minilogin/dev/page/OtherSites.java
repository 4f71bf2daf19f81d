package io.minilogin.dev.page;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses, with a 403, requests of other websites in the developer's browser: requests with another
 * Origin, or with a foreign host name for this machine (DNS rebinding). The host name is checked
 * only if the service listens on loopback; elsewhere its names are unknown.
 */
@Singleton
@IfBuildProfile("dev")
class OtherSites {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  /** The Origin that a mini program in WeChat's developer tools sends. */
  private static final String MINI_PROGRAM = "https://servicewechat.com";

  private static final String REFUSAL =
      "The development jar refuses requests of other websites, and requests for another host name"
          + " than localhost. nginx and other gateways send the name of their upstream: start the"
          + " jar with QUARKUS_HTTP_HOST=0.0.0.0 behind them.\n";

  private final boolean isLocal;

  OtherSites(@ConfigProperty(name = "quarkus.http.host") String host) {
    isLocal = LOOPBACK.contains(host);
  }

  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).handler(this::check);
  }

  private void check(RoutingContext context) {
    var request = context.request();
    var isChange = !READING.contains(request.method()) || isSimulator(request);
    if (isChange && !(isOwnHost(request) && isOwnOrigin(request))) {
      context.response().setStatusCode(403).putHeader(HttpHeaders.CONTENT_TYPE, "text/plain");
      context.response().end(REFUSAL);
    } else {
      context.next();
    }
  }

  /** Requests to the simulator are checked even with GET: some of them change state. */
  private static boolean isSimulator(HttpServerRequest request) {
    return String.valueOf(request.path()).startsWith("/simulator");
  }

  private boolean isOwnHost(HttpServerRequest request) {
    var host = request.authority();
    return !isLocal || (host != null && LOOPBACK.contains(host.host()));
  }

  private static boolean isOwnOrigin(HttpServerRequest request) {
    var origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        || origin.equals(MINI_PROGRAM)
        || origin.equals("http://" + request.getHeader(HttpHeaders.HOST));
  }
}
