package io.minilogin.dev.page;

import static io.minilogin.dev.page.MessageLog.Party.BACKEND;
import static io.minilogin.dev.page.MessageLog.Party.CLIENT;
import static io.minilogin.dev.page.MessageLog.Party.REDIS;
import static io.minilogin.dev.page.MessageLog.Party.SERVICE;
import static io.minilogin.dev.page.MessageLog.Party.WECHAT;

import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** The endpoints of the page, below {@code /development/}, and the recording of requests. */
@Singleton
@IfBuildProfile("dev")
class PageRoutes {
  /** The page sends the number and the name of the action behind a request. */
  static final String ACTION = "Development-Action";

  private static final Pattern ACTION_VALUE = Pattern.compile("\\d{1,15} [\\w-]{1,40}");
  private static final Pattern OF_THE_SERVICE =
      Pattern.compile("/(login|sessions?|verify|introspect|revoke|users|wechat)(/.*)?");

  /** Calls of a gateway or a backend. */
  private static final Pattern OF_A_BACKEND =
      Pattern.compile("/(verify|introspect|revoke|users|wechat)(/.*)?");

  /** The client API, behind which the phone asks WeChat. */
  private static final Pattern OF_WECHAT =
      Pattern.compile("/simulator/(login|user-info|phone-number|virtual-payment)");

  /** The message push of WeChat. */
  private static final Pattern OF_A_PUSH = Pattern.compile("/push/.*");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");

  private final WorldOutside world = WorldOutside.running();
  private final MessageLog log = world.log();
  private final Vertx vertx;
  private final Backend backend;
  private final PageState state;
  private final Optional<RedisView> redis;

  PageRoutes(Vertx vertx, Backend backend, PageState state) {
    this.vertx = vertx;
    this.backend = backend;
    this.state = state;
    this.redis = world.tap().map(tap -> new RedisView(vertx, tap.redis()));
  }

  @PreDestroy
  void close() {
    redis.ifPresent(RedisView::close);
  }

  void register(@Observes Router router) {
    // Before VerifyRoute and ApiRoute, which do not call the next handler.
    router.route().order(Integer.MIN_VALUE).handler(this::recordCall);
    router.get("/development/state").handler(context -> withNumber(context, "after", this::state));
    router
        .get("/development/messages")
        .handler(context -> withNumber(context, "number", this::details));
    router.post("/development/clear").handler(this::clear);
    router.post("/development/switch/:name").handler(this::turn);
    router.post("/development/check-text").handler(backend::checkText);
    router.post("/development/buy").handler(backend::buy);
  }

  private void recordCall(RoutingContext context) {
    var request = context.request();
    var path = String.valueOf(request.path());
    if (OF_WECHAT.matcher(path).matches()) {
      record(context, CLIENT, WECHAT);
    } else if (OF_A_PUSH.matcher(path).matches()) {
      record(context, WECHAT, SERVICE);
    } else if (OF_A_BACKEND.matcher(path).matches()) {
      record(context, BACKEND, SERVICE);
    } else if (OF_THE_SERVICE.matcher(path).matches()) {
      record(context, CLIENT, SERVICE);
    }
    context.next();
  }

  /** Records without the query, which may contain a token. */
  private void record(RoutingContext context, MessageLog.Party from, MessageLog.Party to) {
    var request = context.request();
    var call = log.call(from, to, request.method() + " " + request.path(), action(request));
    BodyTap.record(request, call);
    context.addEndHandler(ended -> call.fail("connection closed")); // unless it is answered
  }

  private static Optional<String> action(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(ACTION))
        .filter(value -> ACTION_VALUE.matcher(value).matches());
  }

  private static void withNumber(
      RoutingContext context, String name, BiConsumer<RoutingContext, Long> handler) {
    var text = context.request().getParam(name, "0");
    if (NUMBER.matcher(text).matches()) {
      handler.accept(context, Long.parseLong(text));
    } else {
      context.fail(400);
    }
  }

  private void state(RoutingContext context, long after) {
    redis
        .map(view -> view.keys(world.appids(), world.wechat().users()))
        .orElse(Future.succeededFuture(new JsonArray()))
        .otherwise(e -> null)
        .onSuccess(
            keys ->
                context.json(
                    state
                        .json()
                        .put("keys", keys)
                        .put("isRedisShown", redis.isPresent())
                        .put("messages", log.after(after))));
  }

  private void details(RoutingContext context, long number) {
    log.details(number).ifPresentOrElse(context::json, () -> context.fail(404));
  }

  private void clear(RoutingContext context) {
    log.clear();
    context.response().setStatusCode(204).end();
  }

  private void turn(RoutingContext context) {
    var name = context.pathParam("name");
    var change = state.change(name);
    if (change.isEmpty()) {
      context.fail(404);
      return;
    }
    var party = name.startsWith("redis") ? REDIS : WECHAT;
    var action = action(context.request());
    // A party goes down after its event and is back before its event, so that no failure of the
    // outage stands after the second event.
    var isBack = name.endsWith("-up");
    if (!isBack) {
      log.event(party, name, action);
    }
    vertx
        .executeBlocking(
            () -> {
              change.get().run();
              if (isBack) {
                log.event(party, name, action);
              }
              return name;
            })
        .onSuccess(done -> context.response().setStatusCode(204).end())
        .onFailure(context::fail);
  }
}
