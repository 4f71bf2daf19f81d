package io.minilogin.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.redis.RedisValues;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Stores sessions in Redis under {@code ml:s:<SHA-256 of the token>}. Each value is a sealed {@link
 * PackedSession} that expires by itself.
 */
@Singleton
class RedisSessions {

  /**
   * A session that was read from Redis.
   *
   * @param value the sealed session, exactly as it is stored in Redis
   */
  record Found(Session session, byte[] value) {}

  private final RedisValues values;
  private final Seals seals;
  private final MeterRegistry registry;

  RedisSessions(RedisValues values, Seals seals, MeterRegistry registry) {
    this.values = values;
    this.seals = seals;
    this.registry = registry;
  }

  /** Saves a new session. Returns the session as {@link #find} would return it. */
  Uni<Found> save(String id, Session session, Duration timeToLive) {
    var value = sealed(id, session);
    return values.set(key(id), value, timeToLive).replaceWith(new Found(session, value));
  }

  /** Deletes a session that was never opened, which the metrics do not count. */
  Uni<Void> discard(String id) {
    return values.delete(key(id)).replaceWithVoid();
  }

  /** Returns the session; empty if it is unknown or if its value cannot be unsealed. */
  Uni<Optional<Found>> find(String id) {
    var key = key(id);
    return values.get(key).map(value -> value.flatMap(bytes -> unsealed(key, bytes)));
  }

  /** Returns whether an older secret than the one in use sealed the session. */
  boolean isOutdated(Found found) {
    return seals.isOutdated(found.value());
  }

  /**
   * Replaces the session that was read and sets its time to live. Returns false if the stored
   * session has changed meanwhile.
   */
  Uni<Boolean> replace(String id, Found found, Session session, Duration timeToLive) {
    return values.replace(key(id), found.value(), sealed(id, session), timeToLive);
  }

  /**
   * Replaces the session that was read and keeps its time to live. Returns false if the stored
   * session has changed meanwhile.
   */
  Uni<Boolean> replace(String id, Found found, Session session) {
    return values.replace(key(id), found.value(), sealed(id, session));
  }

  /** Deletes the session. Returns whether it existed. */
  Uni<Boolean> delete(String id, Ending why) {
    return values
        .delete(key(id))
        .invoke(
            existed -> {
              if (existed) {
                registry
                    .counter("mini_login.sessions.ended", "reason", why.metricName())
                    .increment();
              }
            });
  }

  private Optional<Found> unsealed(String key, byte[] value) {
    return seals
        .unseal(Purpose.SESSION, key, value)
        .map(
            unsealed ->
                new Found(PackedSession.unpack(unsealed.appid(), unsealed.plaintext()), value));
  }

  private byte[] sealed(String id, Session session) {
    return seals.seal(
        session.user().appid(), Purpose.SESSION, key(id), PackedSession.pack(session));
  }

  private static String key(String id) {
    return "ml:s:" + id;
  }
}
