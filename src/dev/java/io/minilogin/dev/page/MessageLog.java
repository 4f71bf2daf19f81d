package io.minilogin.dev.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The latest messages between the parties of a login. The service and all other parties except
 * Redis run in one process, so one counter numbers their messages. Each message is numbered before
 * its receiver can react to it, so the order of the numbers is the causal order. Recording starts
 * with the first look at the page, because the service warms up before that. Thread-safe.
 */
public final class MessageLog {
  /** The parties, from left to right as the page draws them. */
  enum Party {
    CLIENT,
    BACKEND,
    SERVICE,
    REDIS,
    WECHAT
  }

  /** The kinds of messages. An event, such as the end of Redis, concerns no other party. */
  enum Kind {
    CALL,
    ANSWER,
    FAILURE,
    EVENT
  }

  /**
   * @param number increases with each message
   * @param call the call itself, or the call that this message answers; null for an event
   */
  private record Message(long number, JsonObject shown, @Nullable Call call) {}

  private static final int KEPT = 2000;

  private final Deque<Message> latest = new ArrayDeque<>();
  private long count;
  private boolean isWatched;

  /** A call and its answer. */
  final class Call {
    private final Party from;
    private final Party to;
    private final Transcript sent = new Transcript();
    private final Transcript received = new Transcript();
    private final long start = System.nanoTime();
    private long number;
    private boolean isAnswered;

    private Call(Party from, Party to) {
      this.from = from;
      this.to = to;
    }

    /** Returns the request as far as it was sent. */
    Transcript sent() {
      return sent;
    }

    /** Returns the response as far as it was received. */
    Transcript received() {
      return received;
    }

    /** Records the answer. Must be called before the answer is sent. */
    void answer(String text) {
      end(Kind.ANSWER, text);
    }

    /** Records the failure of the call, unless the call has an answer already. */
    void fail(String text) {
      end(Kind.FAILURE, text);
    }

    private void end(Kind kind, String text) {
      synchronized (MessageLog.this) {
        if (!isAnswered && number > 0) {
          isAnswered = true;
          var millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
          var shown = message(to, from, kind, text).put("call", number).put("millis", millis);
          add(shown, this);
        }
      }
    }
  }

  /**
   * Records a call. Must be called before the receiver handles it.
   *
   * @param text method and path, or command and key, without secrets
   * @param action the number and name of the action on the page that made the call; empty if the
   *     call is part of the current action, or does not come from the page
   */
  Call call(Party from, Party to, String text, Optional<String> action) {
    var call = new Call(from, to);
    synchronized (this) {
      var shown = message(from, to, Kind.CALL, text);
      action.ifPresent(name -> shown.put("action", name));
      if (isWatched) {
        call.number = add(shown, call);
      }
    }
    return call;
  }

  /** Records an event that the page names, such as {@code redis-down}. */
  synchronized void event(Party party, String name, Optional<String> action) {
    var shown = message(party, party, Kind.EVENT, name);
    action.ifPresent(it -> shown.put("action", it));
    add(shown, null);
  }

  /** Returns messages with a higher number; all if the number is from before a restart. */
  synchronized JsonArray after(long number) {
    isWatched = true;
    var from = number > count ? 0 : number;
    var list = new JsonArray();
    latest.stream()
        .filter(each -> each.number() > from)
        .map(Message::shown)
        .forEachOrdered(list::add);
    return list;
  }

  /** Returns what was sent and received in a call, or its part so far; empty if it is unknown. */
  synchronized Optional<JsonObject> details(long number) {
    return latest.stream()
        .filter(each -> each.number() == number && each.call() != null)
        .findFirst()
        .map(Message::call)
        .map(
            call ->
                new JsonObject()
                    .put("sent", call.sent.text())
                    .put("received", call.received.text()));
  }

  /** Forgets all messages. The numbers go on. */
  synchronized void clear() {
    latest.clear();
  }

  private static JsonObject message(Party from, Party to, Kind kind, String text) {
    return new JsonObject()
        .put("from", from.name())
        .put("to", to.name())
        .put("kind", kind.name())
        .put("text", Transcript.masked(text));
  }

  private long add(JsonObject shown, @Nullable Call call) {
    count++;
    latest.addLast(new Message(count, shown.put("number", count), call));
    if (latest.size() > KEPT) {
      latest.removeFirst();
    }
    return count;
  }
}
