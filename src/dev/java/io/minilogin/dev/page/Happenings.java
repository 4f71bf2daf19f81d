package io.minilogin.dev.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The latest of what has passed between those who take part in a login, from the first time that
 * somebody looks: before, a service warms up. Thread-safe.
 */
public final class Happenings {
  /** Who takes part, from left to right as the page draws them. */
  enum Party {
    CLIENT,
    BACKEND,
    SERVICE,
    REDIS,
    WECHAT
  }

  /** How an arrow looks. */
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
   * @param time in seconds since 1970; what is told late need not be drawn late
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

  /** Those with a higher number; all after a restart, when the number is that of another life. */
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
