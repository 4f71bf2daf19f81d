package io.minilogin.dev.page;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Makes requests that name no app requests for the first app, although there are several. A login
 * gets the Referer that WeChat's client sends and curl does not; a call of WeChat's API gets the
 * header of WeChat's cloud.
 */
@Singleton
@IfBuildProfile("dev")
class DefaultApp {
  private static final String WECHAT = "https://servicewechat.com/";
  private static final String APPID = "X-WX-FROM-APPID";

  private final String appid = WorldOutside.running().appids().get(0);

  void register(@Observes Router router) {
    router.post("/login").order(Integer.MIN_VALUE).handler(this::addReferer);
    router.route("/wechat/*").order(Integer.MIN_VALUE).handler(this::addAppid);
  }

  private void addReferer(RoutingContext context) {
    var headers = context.request().headers();
    var referer = headers.get("Referer");
    if (referer == null || !referer.startsWith(WECHAT)) {
      headers.set("Referer", WECHAT + appid + "/devtools/page-frame.html");
    }
    context.next();
  }

  private void addAppid(RoutingContext context) {
    var request = context.request();
    if (!request.headers().contains(APPID) && request.getParam("from_appid") == null) {
      request.headers().set(APPID, appid);
    }
    context.next();
  }
}
