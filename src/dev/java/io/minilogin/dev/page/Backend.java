package io.minilogin.dev.page;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A backend that calls WeChat's text check through the service, and sells an item. */
@Singleton
@IfBuildProfile("dev")
class Backend {
  private record Reply(int status, JsonObject body) {}

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
    call(context, "/wechat/wxa/msg_sec_check", question)
        .onSuccess(reply -> answer(context, reply.status(), reply.body()))
        .onFailure(context::fail);
  }

  /** Has the payment for an item signed, and answers with what the phone pays with. */
  void buy(RoutingContext context) {
    var signData =
        new JsonObject()
            .put("offerId", "1450000001")
            .put("buyQuantity", 1)
            .put("env", 0)
            .put("currencyType", "CNY")
            .put("productId", "sword")
            .put("goodsPrice", 100)
            .put("outTradeNo", UUID.randomUUID().toString().replace("-", ""))
            .put("attach", "")
            .encode();
    var appid = context.request().getParam("appid", "");
    var openid = context.request().getParam("openid", "");
    call(
            context,
            "/users/" + appid + "/" + openid + "/signature",
            new JsonObject().put("data", signData).put("uri", "requestVirtualPayment"))
        .onSuccess(
            reply ->
                answer(
                    context,
                    reply.status(),
                    reply.status() == 200 ? payment(signData, reply.body()) : reply.body()))
        .onFailure(context::fail);
  }

  private static JsonObject payment(String signData, JsonObject signatures) {
    return new JsonObject()
        .put("mode", "short_series_goods")
        .put("signData", signData)
        .put("paySig", signatures.getString("pay_sig"))
        .put("signature", signatures.getString("signature"));
  }

  private Future<Reply> call(RoutingContext context, String uri, JsonObject body) {
    var call =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(LOCAL)
            .setPort(context.request().localAddress().port())
            .setURI(uri)
            .setTimeout(PATIENCE_MILLIS)
            .putHeader("Authorization", authorization)
            .putHeader("Content-Type", "application/json");
    var appid = context.request().getParam("appid");
    if (appid != null) {
      call.putHeader("X-WX-FROM-APPID", appid);
    }
    var action = context.request().getHeader(PageRoutes.ACTION);
    if (action != null) {
      call.putHeader(PageRoutes.ACTION, action);
    }
    return http.request(call)
        .compose(request -> request.send(body.toBuffer()))
        .compose(
            reply ->
                reply.body().map(bytes -> new Reply(reply.statusCode(), new JsonObject(bytes))));
  }

  private static void answer(RoutingContext context, int status, JsonObject body) {
    context.response().setStatusCode(status);
    context.json(body);
  }
}
