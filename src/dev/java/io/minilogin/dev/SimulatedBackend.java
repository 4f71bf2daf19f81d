package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Request;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A backend that takes the events that the service delivers, and remembers the latest ones. */
final class SimulatedBackend {
  static final String EVENTS = "/simulator/backend/events";
  static final String TAKEN = "/simulator/backend/taken";

  private static final int REMEMBERED = 100;

  private final Deque<Request> taken = new ArrayDeque<>();

  /** Acknowledges an event. Virtual payment expects an {@code ErrCode}, all others a word. */
  synchronized Answer take(Request request) {
    taken.addLast(request);
    if (taken.size() > REMEMBERED) {
      taken.removeFirst();
    }
    return request.body().contains("xpay_")
        ? Answer.json(Json.object().put("ErrCode", 0).put("ErrMsg", "success"))
        : Answer.bytes("text/plain", Buffer.buffer("success"));
  }

  /** Returns the latest events with their headers, the latest at the end. */
  synchronized Answer taken(Request request) {
    var reply = Json.object();
    var events = reply.putArray("events");
    taken.forEach(
        each ->
            events
                .addObject()
                .put("openid", header(each, "x-wx-openid"))
                .put("appid", header(each, "x-wx-appid"))
                .put("body", each.body()));
    return Answer.json(reply);
  }

  private static String header(Request request, String name) {
    return request.headers().getOrDefault(name, List.of("")).get(0);
  }
}
