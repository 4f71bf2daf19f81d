package io.minilogin.dev.page;

import static io.minilogin.dev.page.Happenings.Kind.ANSWER;
import static io.minilogin.dev.page.Happenings.Kind.CALL;
import static io.minilogin.dev.page.Happenings.Kind.FAILURE;
import static io.minilogin.dev.page.Happenings.Party.BACKEND;
import static io.minilogin.dev.page.Happenings.Party.CLIENT;
import static io.minilogin.dev.page.Happenings.Party.SERVICE;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The endpoints of the page, below {@code /development/}. */
@Singleton
@IfBuildProfile("dev")
class PageRoutes {
  private static final Pattern OF_THE_SERVICE =
      Pattern.compile("/(login|sessions?|verify|introspect|revoke|users|wechat)(/.*)?");

  private final WorldOutside world = WorldOutside.running();
  private final Vertx vertx;
  private final Backend backend;

  /** Empty for a Redis of several addresses, or with a password. */
  private final Optional<RedisView> redis;

  /** The faults that the page can cause and repair, by name. */
  private final Map<String, Runnable> switches;

  private volatile boolean isRedisDown;
  private volatile boolean isWechatDown;

  PageRoutes(
      Vertx vertx, @ConfigProperty(name = "quarkus.redis.hosts") String hosts, Backend backend) {
    this.vertx = vertx;
    this.backend = backend;
    this.redis = RedisView.of(vertx, hosts, world.happenings());
    this.switches =
        Map.of(
            "redis-down", () -> setRedisDown(true),
            "redis-up", () -> setRedisDown(false),
            "wechat-down", () -> setWechatDown(true),
            "wechat-up", () -> setWechatDown(false),
            "new-secret", world::rotateSecret);
  }

  @PreDestroy
  void close() {
    redis.ifPresent(RedisView::close);
  }

  void register(@Observes Router router) {
    redis.ifPresent(RedisView::watch);
    // Before VerifyRoute and ApiRoute, which do not call the next handler.
    router.route().order(Integer.MIN_VALUE).handler(this::recordCall);
    router.get("/development/state").handler(this::state);
    router.post("/development/switch/:name").handler(this::turn);
    router.post("/development/check-text").handler(backend::checkText);
  }

  private void recordCall(RoutingContext context) {
    var request = context.request();
    if (OF_THE_SERVICE.matcher(String.valueOf(request.path())).matches()) {
      var happenings = world.happenings();
      // The caller of WeChat's API is a backend. The query may contain a token and is not shown.
      var caller = request.path().startsWith("/wechat") ? BACKEND : CLIENT;
      happenings.add(caller, SERVICE, CALL, request.method() + " " + request.path());
      context.addEndHandler(
          ended -> {
            var status = context.response().getStatusCode();
            var isAnswer = ended.succeeded() && status < 400;
            var text = ended.succeeded() ? String.valueOf(status) : "connection closed";
            happenings.add(SERVICE, caller, isAnswer ? ANSWER : FAILURE, text);
          });
    }
    context.next();
  }

  private void state(RoutingContext context) {
    var after = context.request().getParam("after", "0");
    if (!after.matches("\\d{1,15}")) {
      context.fail(400);
      return;
    }
    redis
        .map(RedisView::keys)
        .orElse(Future.succeededFuture(new JsonArray()))
        .otherwise(e -> null)
        .onSuccess(
            found ->
                context.json(
                    new JsonObject()
                        .put("now", Happenings.now())
                        .put("appid", world.app().appid())
                        .put("switches", new JsonArray(possible()))
                        .put("keys", found)
                        .put("happenings", world.happenings().after(Long.parseLong(after)))));
  }

  /** Returns the names of the switches that have an effect now. */
  private List<String> possible() {
    var names = new ArrayList<String>();
    names.add(isWechatDown ? "wechat-up" : "wechat-down");
    world.redis().ifPresent(ours -> names.add(isRedisDown ? "redis-up" : "redis-down"));
    world.settings().ifPresent(ours -> names.add("new-secret"));
    return names;
  }

  private void turn(RoutingContext context) {
    var name = context.pathParam("name");
    if (!possible().contains(name)) {
      context.fail(404);
      return;
    }
    vertx
        .executeBlocking(
            () -> {
              switches.get(name).run();
              return name;
            })
        .onSuccess(done -> context.response().setStatusCode(204).end())
        .onFailure(context::fail);
  }

  private void setRedisDown(boolean isDown) {
    isRedisDown = isDown;
    var ours = world.redis().orElseThrow();
    if (isDown) {
      ours.stop();
    } else {
      ours.restart();
    }
  }

  private void setWechatDown(boolean isDown) {
    isWechatDown = isDown;
    world.wechat().setDown(isDown);
  }
}
