package io.minilogin.dev;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Leads from the service's port, the only one a developer knows, to the client API of the simulated
 * WeChat, which is on another one after each start.
 */
@Singleton
class SimulatorRedirect {
  /** Before anything reads a body: the client sends it again, to where it is led. */
  private static final int ORDER = -1000;

  private final String wechat;

  SimulatorRedirect(@ConfigProperty(name = "wechat.base-url") String wechat) {
    this.wechat = wechat;
  }

  void register(@Observes Router router) {
    router.route("/simulator/*").order(ORDER).handler(this::redirect);
  }

  private void redirect(RoutingContext context) {
    var request = context.request();
    var query = request.query() == null ? "" : "?" + request.query();
    // 307 and not 302, so that a POST remains one.
    context
        .response()
        .setStatusCode(307)
        .putHeader("Location", wechat + request.path() + query)
        .end();
  }
}
