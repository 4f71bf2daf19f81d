package io.minilogin.redis;

import io.vertx.core.impl.ContextInternal;
import io.vertx.redis.client.Redis;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The client of one event loop, which is replaced when Redis does not answer: Redis may hang, or
 * may have moved and left its connections behind. All connections of the client have the same fate,
 * and a new client finds the current Redis. Used on that loop only.
 */
final class CurrentClient {
  private final ContextInternal context;
  private final Supplier<Redis> clients;
  private final Predicate<Throwable> skipsHandshakeAfter;
  private final Set<RedisScript> called = new HashSet<>();
  private Redis client;
  private long since;
  private boolean wasAnswered;
  private boolean isClosed;

  CurrentClient(
      ContextInternal context, Supplier<Redis> clients, Predicate<Throwable> skipsHandshakeAfter) {
    this.context = context;
    this.clients = clients;
    this.skipsHandshakeAfter = skipsHandshakeAfter;
    renew();
  }

  Redis get() {
    return client;
  }

  /** Returns whether this client calls the script for the first time. */
  boolean isFirstCall(RedisScript script) {
    return called.add(script);
  }

  void recordAnswer() {
    wasAnswered = true;
  }

  /** Returns whether Redis has answered since the last call of this method. */
  boolean wasAnswered() {
    var was = wasAnswered;
    wasAnswered = false;
    return was;
  }

  /** Replaces this client and its connections, at most once per deadline. */
  void replace(Redis silent) {
    var age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    if (silent == client
        && !isClosed
        && age >= RedisBatch.DEADLINE_MILLIS - RedisBatch.TICK_MILLIS) {
      renew();
      silent.close();
    }
  }

  /** Replaces this client if it could not connect because of a handshake that new clients skip. */
  void replaceAfterHandshake(Redis refused, Throwable failure) {
    if (refused == client && skipsHandshakeAfter.test(failure)) {
      renew();
      refused.close();
    }
  }

  /** Replaces the client. Commands under way may finish on it until their deadline. */
  void replaceLater() {
    if (!isClosed) {
      var old = client;
      renew();
      context.setTimer(RedisBatch.DEADLINE_MILLIS, due -> old.close());
    }
  }

  void close() {
    isClosed = true;
    client.close();
  }

  private void renew() {
    context.dispatch(here -> client = clients.get());
    called.clear();
    since = System.nanoTime();
  }
}
