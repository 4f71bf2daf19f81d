package io.minilogin.dev.page;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A backend that calls WeChat's text check through the service. */
@Singleton
@IfBuildProfile("dev")
class Backend {
  private static final String LOCAL = "127.0.0.1";

  /** Longer than the deadline of the service. */
  private static final int PATIENCE_MILLIS = 20_000;

  private final HttpClient http;
  private final String authorization;

  Backend(
      Vertx vertx,
      @ConfigProperty(name = "clients[0].id") String id,
      @ConfigProperty(name = "clients[0].secret") String secret) {
    http = vertx.createHttpClient();
    authorization = new UsernamePasswordCredentials(id, secret).toHttpAuthorization();
  }

  @PreDestroy
  void close() {
    http.close();
  }

  void checkText(RoutingContext context) {
    var question =
        new JsonObject()
            .put("content", context.request().getParam("content", ""))
            .put("openid", context.request().getParam("openid", ""))
            .put("version", 2)
            .put("scene", 1);
    var call =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(LOCAL)
            .setPort(context.request().localAddress().port())
            .setURI("/wechat/wxa/msg_sec_check")
            .setTimeout(PATIENCE_MILLIS);
    var appid = context.request().getParam("appid");
    if (appid != null) {
      call.putHeader("X-WX-FROM-APPID", appid);
    }
    var action = context.request().getHeader(PageRoutes.ACTION);
    if (action != null) {
      call.putHeader(PageRoutes.ACTION, action);
    }
    http.request(call)
        .compose(
            request ->
                request
                    .putHeader("Authorization", authorization)
                    .putHeader("Content-Type", "application/json")
                    .send(question.toBuffer()))
        .compose(
            reply -> {
              context.response().setStatusCode(reply.statusCode());
              return reply.body();
            })
        .onSuccess(
            body -> context.response().putHeader("Content-Type", "application/json").end(body))
        .onFailure(context::fail);
  }
}
