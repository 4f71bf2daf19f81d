package io.minilogin.session;

import io.minilogin.redis.ConnectionProbe;
import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisScript;
import io.minilogin.redis.RedisScript.Call;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Optional;

/**
 * Stores each user of an app as a hash in Redis:
 *
 * <ul>
 *   <li>{@code k} is the sealed session key, {@code p} the previous one. WeChat knows one session
 *       key of a user at a time, and a login on any device replaces it, so the sessions do not hold
 *       it.
 *   <li>{@code t} is the time at which WeChat issued the session key {@code k} (epoch
 *       milliseconds).
 *   <li>{@code u} is the sealed unionid, once it is known. WeChat does not return it at each login.
 *   <li>Every field of 43 characters is a session's id with its expiry (epoch milliseconds): the
 *       index behind "log out everywhere".
 *   <li>{@code b} is the end of a block (epoch milliseconds; 0 for no end), and {@code r} holds the
 *       details of the block, sealed. A script cannot unseal, so the end is in plain text.
 * </ul>
 *
 * <p>One hash instead of two keys saves 150 bytes per user, stays in Redis' compact encoding (all
 * values under 64 bytes, except the reason of a block) and can be changed in one atomic step on a
 * cluster. Reading removes expired entries and a block that has ended. The hash expires with the
 * latest session or the block; it is persistent during a block without end.
 *
 * <p>Others may write to Redis. Reading removes fields that the service cannot have written, and
 * returns at most {@value #MOST} entries and values of {@value #LARGEST} bytes: a caller that needs
 * all entries removes the returned entries and reads again.
 */
@Singleton
class RedisUserHash implements ConnectionProbe {
  /** The maximum number of entries that one read returns. The hash may have more. */
  static final int MOST = 4096;

  private static final int LARGEST = 1024;

  /**
   * An indexed session. The session may have ended already: the entry of an idle session stays
   * until the session's expiry.
   */
  record Entry(String id, Instant expiresAt) {}

  /**
   * A session key of a login.
   *
   * @param sealed the sealed session key
   * @param keepsNewerKey whether the stored session key stays if WeChat issued it later
   */
  record SealedKey(byte[] sealed, Instant issued, boolean keepsNewerKey) {}

  private static final RedisScript READ = RedisScript.of("user-read.lua");
  private static final RedisScript REPLACE_KEY = RedisScript.of("user-replace-key.lua");
  private static final RedisScript STORE_UNIONID = RedisScript.of("user-store-unionid.lua");
  private static final RedisScript FORGET = RedisScript.of("user-forget.lua");

  private final RedisCommands redis;
  private final SessionLimits limits;
  private final Clock clock;

  RedisUserHash(RedisCommands redis, SessionLimits limits, Clock clock) {
    this.redis = redis;
    this.limits = limits;
    this.clock = clock;
  }

  Uni<UserFields> read(String key) {
    return redis.send(reading(key)).map(RedisUserHash::fields);
  }

  /**
   * Adds a session, the sealed session key and, if WeChat returned it, the sealed unionid. A no-op
   * if the user is blocked.
   *
   * @return the previous content and, unless it has a block, the new entry
   */
  Uni<UserFields> add(String key, SealedKey sessionKey, Optional<byte[]> unionid, Entry entry) {
    return redis
        .send(adding(key, sessionKey, unionid, entry, limits.lifetime().toMillis()))
        .map(RedisUserHash::fields);
  }

  @Override
  public Call probe() {
    var entry = new Entry("0".repeat(43), clock.instant().plusSeconds(1));
    var sessionKey = new SealedKey(new byte[1], clock.instant(), false);
    return adding("ml:probe", sessionKey, Optional.of(new byte[1]), entry, 1);
  }

  private Call adding(
      String key, SealedKey sessionKey, Optional<byte[]> unionid, Entry entry, long timeToLive) {
    var command =
        reading(key)
            .arg(sessionKey.sealed())
            .arg(entry.id())
            .arg(entry.expiresAt().toEpochMilli())
            .arg(timeToLive)
            .arg(sessionKey.issued().toEpochMilli())
            .arg(sessionKey.keepsNewerKey() ? 1 : 0);
    unionid.ifPresent(command::arg);
    return command;
  }

  /** Stores the sealed unionid of a user who has sessions. */
  Uni<Void> storeUnionid(String key, byte[] unionid) {
    return redis.send(STORE_UNIONID.on(key).arg(unionid)).replaceWithVoid();
  }

  Uni<Void> removeEntries(String key, Collection<String> ids) {
    if (ids.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var command = Request.cmd(Command.HDEL).arg(key);
    ids.forEach(command::arg);
    return redis.send(command).replaceWithVoid();
  }

  /**
   * Replaces the session key; a no-op if the session key has changed since it was read.
   *
   * @param read the sealed session key that was read; empty if the user had no session key
   * @param next the sealed new session key
   * @param issued the time at which WeChat issued the new session key
   * @param previous the sealed previous session key; empty to leave it unchanged
   */
  Uni<Void> replaceSessionKey(
      String key, byte[] read, byte[] next, Instant issued, Optional<byte[]> previous) {
    var command = REPLACE_KEY.on(key).arg(read).arg(next).arg(issued.toEpochMilli());
    previous.ifPresent(command::arg);
    return redis.send(command).replaceWithVoid();
  }

  /** Deletes a user without sessions, except a block. A no-op for a user with sessions. */
  Uni<Void> forget(String key) {
    return redis.send(FORGET.on(key).arg(clock.millis())).replaceWithVoid();
  }

  private Call reading(String key) {
    return READ.on(key).arg(clock.millis()).arg(MOST).arg(LARGEST);
  }

  private static UserFields fields(Response pairs) {
    var fields = new HashMap<String, byte[]>();
    for (int i = 0; i < pairs.size(); i += 2) {
      fields.put(pairs.get(i).toString(), pairs.get(i + 1).toBytes());
    }
    return new UserFields(fields);
  }
}
