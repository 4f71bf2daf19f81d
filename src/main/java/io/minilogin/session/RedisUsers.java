package io.minilogin.session;

import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.store.RedisCommands;
import io.minilogin.wechat.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What belongs to a user of an app, whatever the number of sessions: the hash {@code ml:u:<keyed
 * hash of the openid>}.
 *
 * <ul>
 *   <li>{@code k} the sealed session key, {@code p} the sealed one before it. WeChat knows only one
 *       at a time, and a login on any device replaces it for all, so it is kept here and not in the
 *       sessions.
 *   <li>every other field is a session's id with its expiry (epoch milliseconds): the index behind
 *       "log out everywhere".
 * </ul>
 *
 * One hash instead of two keys saves 150 bytes a user, stays in Redis' compact encoding (all values
 * under 64 bytes) and can be changed in one atomic step on a cluster. Expired entries go at the
 * next login, the whole hash with the lifetime of the latest session.
 */
@Singleton
class RedisUsers {

  /** An indexed session. It may be gone already: an idle session's entry lasts until its expiry. */
  record Entry(String id, Instant expiresAt) {}

  /**
   * KEYS: the user. ARGV: the sealed session key, the session's id and expiry, now, the time to
   * live (all ms). An unchanged session key seals to the same bytes, so it never becomes its own
   * predecessor.
   */
  private static final String ADD =
      """
      local user = KEYS[1]
      local current = redis.call('HGET', user, 'k')
      if current ~= ARGV[1] then
        if current then redis.call('HSET', user, 'p', current) end
        redis.call('HSET', user, 'k', ARGV[1])
      end
      local fields = redis.call('HGETALL', user)
      for i = 1, #fields, 2 do
        if #fields[i] > 1 and tonumber(fields[i + 1]) <= tonumber(ARGV[4]) then
          redis.call('HDEL', user, fields[i])
        end
      end
      redis.call('HSET', user, ARGV[2], ARGV[3])
      if redis.call('PTTL', user) < tonumber(ARGV[5]) then
        redis.call('PEXPIRE', user, ARGV[5])
      end
      return redis.call('HGETALL', user)
      """;

  private final RedisCommands redis;
  private final Seals seals;
  private final SessionLimits limits;
  private final Clock clock;

  RedisUsers(RedisCommands redis, Seals seals, SessionLimits limits, Clock clock) {
    this.redis = redis;
    this.seals = seals;
    this.limits = limits;
    this.clock = clock;
  }

  /** Notes a session and the user's current session key. Answers all entries, the oldest first. */
  Uni<List<Entry>> add(String appid, String openid, Secret sessionKey, Entry entry) {
    var user = key(seals.userKey(appid, openid));
    return redis
        .send(
            RedisCommands.script(ADD, user)
                .arg(sealed(appid, user, bytes(sessionKey.reveal())))
                .arg(entry.id())
                .arg(entry.expiresAt().toEpochMilli())
                .arg(clock.millis())
                .arg(limits.lifetime().toMillis()))
        .map(RedisUsers::entries);
  }

  /** The user's entries, the oldest first. */
  Uni<List<Entry>> entries(String appid, String openid) {
    return redis
        .send(Request.cmd(Command.HGETALL).arg(key(seals.userKey(appid, openid))))
        .map(RedisUsers::entries);
  }

  Uni<Void> remove(String appid, String openid, Collection<String> ids) {
    if (ids.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var command = Request.cmd(Command.HDEL).arg(key(seals.userKey(appid, openid)));
    ids.forEach(command::arg);
    return redis.send(command).replaceWithVoid();
  }

  /**
   * Brings over what lies under the user's name of the previous secret, if one is configured. May
   * be repeated: what has come over or is newer stays.
   */
  Uni<Void> adopt(String appid, String openid) {
    var previous = seals.previousUserKey(appid, openid).map(RedisUsers::key);
    if (previous.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return redis
        .send(Request.cmd(Command.HGETALL).arg(previous.get()))
        .map(fields -> copies(appid, openid, previous.get(), fields))
        .flatMap(
            copies ->
                copies.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : redis
                        .sendAll(copies)
                        .flatMap(
                            done -> redis.send(Request.cmd(Command.UNLINK).arg(previous.get())))
                        .replaceWithVoid());
  }

  private List<Request> copies(String appid, String openid, String previous, Response fields) {
    var user = key(seals.userKey(appid, openid));
    var copies = new ArrayList<Request>();
    for (var field : fields.getKeys()) {
      var value = fields.get(field).toBytes();
      var copy =
          isSessionId(field)
              ? Optional.of(value)
              : seals
                  .open(Purpose.SESSION_KEY, previous, value)
                  .map(opened -> sealed(appid, user, opened.plaintext()));
      copy.ifPresent(
          bytes -> copies.add(Request.cmd(Command.HSETNX).arg(user).arg(field).arg(bytes)));
    }
    if (!copies.isEmpty()) {
      copies.add(Request.cmd(Command.PEXPIRE).arg(user).arg(limits.lifetime().toMillis()));
    }
    return copies;
  }

  private byte[] sealed(String appid, String user, byte[] sessionKey) {
    return seals.seal(appid, Purpose.SESSION_KEY, user, sessionKey);
  }

  /** Of the pairs of field and value, those of sessions. */
  private static List<Entry> entries(Response pairs) {
    var entries = new ArrayList<Entry>();
    if (pairs.isMap()) {
      for (var field : pairs.getKeys()) {
        addIfSession(entries, field, pairs.get(field));
      }
    } else {
      for (int i = 0; i < pairs.size(); i += 2) {
        addIfSession(entries, pairs.get(i).toString(), pairs.get(i + 1));
      }
    }
    entries.sort(Comparator.comparing(Entry::expiresAt));
    return entries;
  }

  private static void addIfSession(List<Entry> entries, String field, Response value) {
    if (isSessionId(field)) {
      entries.add(new Entry(field, Instant.ofEpochMilli(value.toLong())));
    }
  }

  private static boolean isSessionId(String field) {
    return field.length() > 1;
  }

  static String key(String userKey) {
    return "ml:u:" + userKey;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
