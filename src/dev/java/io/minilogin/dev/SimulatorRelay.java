package io.minilogin.dev;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Forwards requests below {@code /simulator/} to the client API of the simulated WeChat. Developers
 * know only the service's port, and a container publishes no other.
 */
@Singleton
class SimulatorRelay {
  /** Before all handlers that read the body, because the body is forwarded. */
  private static final int ORDER = -1000;

  private final String wechat;
  private final HttpClient client;

  SimulatorRelay(@ConfigProperty(name = "wechat.base-url") String wechat, Vertx vertx) {
    this.wechat = wechat;
    this.client = vertx.createHttpClient();
  }

  @PreDestroy
  void close() {
    client.close();
  }

  void register(@Observes Router router) {
    router.route("/simulator/*").order(ORDER).handler(this::relay);
  }

  private void relay(RoutingContext context) {
    var request = context.request();
    request.pause();
    client
        .request(
            new RequestOptions().setAbsoluteURI(wechat + request.uri()).setMethod(request.method()))
        .compose(upstream -> upstream.send(request))
        .compose(reply -> answer(reply, context.response()))
        .onFailure(context::fail);
  }

  private static Future<Void> answer(HttpClientResponse reply, HttpServerResponse response) {
    response.setStatusCode(reply.statusCode()).setChunked(true);
    response.putHeader("Content-Type", reply.getHeader("Content-Type"));
    return reply.pipeTo(response);
  }
}
