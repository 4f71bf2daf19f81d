package io.minilogin.session;

import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.store.RedisCommands;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
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
   * @param timeToLive what Redis said it had left; zero if it vanished meanwhile
   * @param outdated sealed under the app's previous secret
   */
  record Found(Session session, Duration timeToLive, boolean outdated) {}

  private final RedisCommands redis;
  private final Seals seals;

  RedisSessions(RedisCommands redis, Seals seals) {
    this.redis = redis;
    this.seals = seals;
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
   * Seals a session anew where it is: neither its time to live changes, nor does one that is gone
   * come back.
   */
  Uni<Void> reseal(String id, Session session) {
    return redis
        .send(
            Request.cmd(Command.SET).arg(key(id)).arg(sealed(id, session)).arg("XX").arg("KEEPTTL"))
        .replaceWithVoid();
  }

  /**
   * Empty for an unknown session and for a value that isn't ours: what does not open does not
   * count.
   */
  Uni<Optional<Found>> find(String id) {
    return redis
        .sendAll(
            List.of(Request.cmd(Command.GET).arg(key(id)), Request.cmd(Command.PTTL).arg(key(id))))
        .map(answers -> opened(id, answers.get(0), answers.get(1)));
  }

  Uni<Void> prolong(String id, Duration timeToLive) {
    return redis
        .send(Request.cmd(Command.PEXPIRE).arg(key(id)).arg(timeToLive.toMillis()))
        .replaceWithVoid();
  }

  Uni<Boolean> exists(String id) {
    return redis.send(Request.cmd(Command.EXISTS).arg(key(id))).map(found -> found.toInteger() > 0);
  }

  /** Whether there was one. */
  Uni<Boolean> delete(String id) {
    return redis.send(Request.cmd(Command.DEL).arg(key(id))).map(found -> found.toInteger() > 0);
  }

  private Optional<Found> opened(String id, Response value, Response millis) {
    return Optional.ofNullable(value)
        .flatMap(bytes -> seals.open(Purpose.SESSION, key(id), bytes.toBytes()))
        .map(
            opened ->
                new Found(
                    PackedSession.unpack(opened.appid(), opened.plaintext()),
                    Duration.ofMillis(Math.max(0, millis.toLong())),
                    opened.outdated()));
  }

  private byte[] sealed(String id, Session session) {
    return seals.seal(session.appid(), Purpose.SESSION, key(id), PackedSession.pack(session));
  }

  private static String key(String id) {
    return "ml:s:" + id;
  }
}
