package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.PushSender.Format;
import io.minilogin.dev.PushSender.Mode;
import io.minilogin.dev.PushSender.Push;
import io.minilogin.dev.WechatSimulator.Request;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;

/**
 * Sends events to the service as WeChat's message push does: an event that the service does not
 * acknowledge within five seconds is sent again, three times in all.
 */
final class SimulatedPush {
  static final String PATH = "/simulator/push";

  private static final int ATTEMPTS = 3;
  private static final int PATIENCE_MILLIS = 5_000;

  /** An answer of the service, decrypted. The status is 0 if there was no answer. */
  private record Attempt(int status, String body) {
    /** Payments have replies of their own, with an {@code ErrCode}. */
    private boolean isAcknowledged() {
      var errCode = Json.parse(body).map(reply -> reply.path("ErrCode").asInt()).orElse(0);
      return status / 100 == 2 && errCode == 0;
    }
  }

  private final SimulatedApps apps;
  private final SimulatedUsers users;
  private final Clock clock;
  private final HttpClient http;
  private volatile Optional<URI> service = Optional.empty();

  SimulatedPush(SimulatedApps apps, SimulatedUsers users, Clock clock, Vertx vertx) {
    this.apps = apps;
    this.users = users;
    this.clock = clock;
    this.http = vertx.createHttpClient();
  }

  /** Sets the address of the service; events go to {@code /push/{appid}} there. */
  void sendTo(URI address) {
    service = Optional.of(address);
  }

  boolean isConfigured() {
    return service.isPresent();
  }

  PushSender sender(String appid) {
    var keys = apps.keys(appid);
    return new PushSender(appid, keys.pushToken(), Optional.of(keys.pushAesKey()), clock);
  }

  /** Sends the event that the body names. */
  Future<Answer> answer(Request request) {
    var body = Json.parse(request.body()).orElseGet(Json::object);
    var appid = textOr(body, "appid", apps.first());
    var name = Json.text(body, "event");
    if (!request.method().equals("POST") || name.isEmpty() || !apps.knows(appid)) {
      return Future.succeededFuture(
          Answer.line(400, "POST {\"event\": name, \"user\"?, \"appid\"?} of a known app"));
    }
    if (service.isEmpty()) {
      return Future.succeededFuture(Answer.line(409, "the simulator does not know the service"));
    }
    try {
      var mode = Mode.valueOf(textOr(body, "mode", "safe").toUpperCase(Locale.ROOT));
      var format = Format.valueOf(textOr(body, "format", "json").toUpperCase(Locale.ROOT));
      var openid = openid(appid, body);
      return send(appid, sender(appid).push(mode, format, event(appid, name, openid, body)))
          .map(Answer::json);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(
          Answer.line(400, "mode is plain, safe or mixed, and format is json or xml"));
    }
  }

  /**
   * Sends an event, encrypted and in JSON.
   *
   * @return the answers of the service
   */
  Future<ObjectNode> send(String appid, ObjectNode event) {
    return send(appid, sender(appid).push(Mode.SAFE, Format.JSON, event));
  }

  private String openid(String appid, ObjectNode body) {
    var user = Json.text(body, "user");
    return user.isEmpty() ? Json.text(body, "openid") : users.openid(appid, user);
  }

  private ObjectNode event(String appid, String name, String openid, ObjectNode body) {
    var event = sender(appid).event(name, openid);
    if (name.startsWith("user_")) {
      event.put("OpenID", openid).put("AppID", appid);
    }
    if (body.path("fields") instanceof ObjectNode fields) {
      event.setAll(fields);
    }
    return event;
  }

  private Future<ObjectNode> send(String appid, Push push) {
    var result = Json.object().put("acknowledged", false);
    result.putArray("attempts");
    return send(appid, push, ATTEMPTS, result);
  }

  private Future<ObjectNode> send(String appid, Push push, int left, ObjectNode result) {
    return attempt(appid, push)
        .compose(
            attempt -> {
              result
                  .withArray("/attempts")
                  .addObject()
                  .put("status", attempt.status())
                  .put("body", attempt.body());
              result.put("acknowledged", attempt.isAcknowledged());
              return attempt.isAcknowledged() || left == 1
                  ? Future.succeededFuture(result)
                  : send(appid, push, left - 1, result);
            });
  }

  private Future<Attempt> attempt(String appid, Push push) {
    var target = service.orElseThrow().resolve(push.target("/push/" + appid));
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(target.toString())
            .setTimeout(PATIENCE_MILLIS)
            .putHeader("Content-Type", push.contentType());
    return http.request(options)
        .compose(request -> request.send(push.body()))
        .compose(
            reply ->
                reply
                    .body()
                    .map(body -> new Attempt(reply.statusCode(), plain(appid, body.toString()))))
        .otherwise(e -> new Attempt(0, String.valueOf(e.getMessage())));
  }

  private String plain(String appid, String reply) {
    try {
      return reply.contains("MsgSignature") ? sender(appid).decrypt(reply) : reply;
    } catch (IllegalArgumentException e) {
      return e.getMessage() + ": " + reply;
    }
  }

  private static String textOr(ObjectNode body, String property, String otherwise) {
    var text = Json.text(body, property);
    return text.isEmpty() ? otherwise : text;
  }
}
