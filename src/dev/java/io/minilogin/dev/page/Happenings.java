package io.minilogin.dev.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The latest messages between the parties of a login. Recording starts with the first look at the
 * page, because the service warms up before that. Thread-safe.
 */
public final class Happenings {
  /** The parties, from left to right as the page draws them. */
  enum Party {
    CLIENT,
    BACKEND,
    SERVICE,
    REDIS,
    WECHAT
  }

  /** The kinds of arrows. */
  enum Kind {
    CALL,
    ANSWER,
    FAILURE
  }

  private static final int KEPT = 500;

  private final Deque<JsonObject> latest = new ArrayDeque<>();
  private long count;
  private boolean isWatched;

  void add(Party from, Party to, Kind kind, String text) {
    add(now(), from, to, kind, text);
  }

  /**
   * @param time in seconds since 1970, which may be earlier than the call of this method
   */
  synchronized void add(double time, Party from, Party to, Kind kind, String text) {
    if (!isWatched) {
      return;
    }
    latest.addLast(
        new JsonObject()
            .put("number", ++count)
            .put("time", time)
            .put("from", from.name())
            .put("to", to.name())
            .put("kind", kind.name())
            .put("text", text));
    if (latest.size() > KEPT) {
      latest.removeFirst();
    }
  }

  /** Returns messages with a higher number; all if the number is from before a restart. */
  synchronized JsonArray after(long number) {
    isWatched = true;
    var from = number > count ? 0 : number;
    var list = new JsonArray();
    latest.stream().filter(each -> each.getLong("number") > from).forEach(list::add);
    return list;
  }

  static double now() {
    return System.currentTimeMillis() / 1e3;
  }
}
