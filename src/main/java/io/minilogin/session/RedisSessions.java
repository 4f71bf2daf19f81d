package io.minilogin.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.redis.CompareAndSet;
import io.minilogin.redis.RedisCommands;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * The sessions in Redis: {@code ml:s:<SHA-256 of the token>}, a sealed {@link PackedSession} that
 * expires by itself.
 */
@Singleton
class RedisSessions {

  /**
   * A session as it was found.
   *
   * @param value as it lies in Redis
   */
  record Found(Session session, byte[] value) {}

  private final RedisCommands redis;
  private final CompareAndSet compareAndSet;
  private final Seals seals;
  private final MeterRegistry registry;

  RedisSessions(
      RedisCommands redis, CompareAndSet compareAndSet, Seals seals, MeterRegistry registry) {
    this.redis = redis;
    this.compareAndSet = compareAndSet;
    this.seals = seals;
    this.registry = registry;
  }

  Uni<Void> save(String id, Session session, Duration timeToLive) {
    return redis
        .send(
            Request.cmd(Command.SET)
                .arg(key(id))
                .arg(sealed(id, session))
                .arg("PX")
                .arg(timeToLive.toMillis()))
        .replaceWithVoid();
  }

  /**
   * Empty for an unknown session and for a value that isn't ours: values that cannot be unsealed
   * are ignored.
   */
  Uni<Optional<Found>> find(String id) {
    var key = key(id);
    return redis.get(key).map(value -> value.flatMap(bytes -> unsealed(key, bytes)));
  }

  /** Whether it lies there under a secret that is to be given up. */
  boolean isOutdated(Found found) {
    return seals.isOutdated(found.value());
  }

  /** Puts the session in the place of what was found; whether that was still there. */
  Uni<Boolean> replace(String id, Found found, Session session, Duration timeToLive) {
    return compareAndSet.replace(key(id), found.value(), sealed(id, session), timeToLive);
  }

  /** The same without prolonging it. */
  Uni<Boolean> replace(String id, Found found, Session session) {
    return compareAndSet.replace(key(id), found.value(), sealed(id, session));
  }

  /** Whether there was one. */
  Uni<Boolean> delete(String id, Ending why) {
    return redis
        .send(Request.cmd(Command.DEL).arg(key(id)))
        .map(found -> found.toInteger() > 0)
        .invoke(
            was -> {
              if (was) {
                registry.counter("mini_login.sessions.ended", "reason", why.text()).increment();
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
