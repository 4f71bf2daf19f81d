package io.minilogin.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minilogin.redis.RedisCommands;
import io.minilogin.redis.RedisScript;
import io.minilogin.redis.RedisScript.Call;
import io.minilogin.seal.Purpose;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What belongs to a user of an app, whatever the number of sessions, as a hash in Redis:
 *
 * <ul>
 *   <li>{@code k} the sealed session key, {@code p} the sealed one before it. WeChat knows only one
 *       at a time, and a login on any device replaces it for all, so it is kept here and not in the
 *       sessions.
 *   <li>{@code u} the sealed unionid, once it is known. WeChat does not tell it at each login.
 *   <li>every field of 43 characters is a session's id with its expiry (epoch milliseconds): the
 *       index behind "log out everywhere".
 * </ul>
 *
 * One hash instead of two keys saves 150 bytes a user, stays in Redis' compact encoding (all values
 * under 64 bytes) and can be changed in one atomic step on a cluster. Expired entries go when it is
 * read, the whole hash with the lifetime of the latest session.
 *
 * <p>Others may write to Redis. What cannot be ours goes when the hash is read, and whatever lies
 * there, a reading brings no more than {@value #MOST} entries and values of {@value #LARGEST}
 * bytes: who wants all has to remove what came and read again.
 */
@Singleton
class RedisUserHash {
  /** A reading with so many entries may have left some out. */
  static final int MOST = 4096;

  private static final int LARGEST = 1024;
  private static final String CURRENT_KEY = "k";
  private static final String PREVIOUS_KEY = "p";
  private static final String UNIONID = "u";

  private static final Map<String, Purpose> SEALED =
      Map.of(
          CURRENT_KEY, Purpose.SESSION_KEY,
          PREVIOUS_KEY, Purpose.SESSION_KEY,
          UNIONID, Purpose.UNIONID);

  /** An indexed session. It may be gone already: an idle session's entry lasts until its expiry. */
  record Entry(String id, Instant expiresAt) {}

  /** What was read: fields and their values. */
  record Content(Map<String, byte[]> fields) {
    /** The current session key, sealed, then the one before it, as far as they are there. */
    List<byte[]> sessionKeys() {
      return Stream.of(CURRENT_KEY, PREVIOUS_KEY)
          .filter(fields::containsKey)
          .map(fields::get)
          .toList();
    }

    /** Sealed. */
    Optional<byte[]> unionid() {
      return Optional.ofNullable(fields.get(UNIONID));
    }

    /** The oldest first. */
    List<Entry> entries() {
      return fields.entrySet().stream()
          .filter(field -> !SEALED.containsKey(field.getKey()))
          .map(field -> new Entry(field.getKey(), expiry(field.getValue())))
          .sorted(Comparator.comparing(Entry::expiresAt))
          .toList();
    }

    private static Instant expiry(byte[] value) {
      return Instant.ofEpochMilli(Long.parseLong(new String(value, US_ASCII)));
    }
  }

  /** ARGV: now, the most entries, the largest value. Leaves fields and values in "content". */
  private static final String READ =
      """
      local user, now, most, largest = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      local kind = redis.call('TYPE', user).ok
      if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', user) end
      local content, entries, current = {}, 0, false
      for _, field in ipairs(redis.call('HKEYS', user)) do
        local isKnown = #field == 1 or #field == 43
        local value = isKnown and redis.call('HSTRLEN', user, field) <= largest
          and redis.call('HGET', user, field)
        local isEntry = value and #field == 43 and #value <= 15 and string.find(value, '^%d+$')
          and tonumber(value) > now
        if not value or #field == 43 and not isEntry then
          redis.call('HDEL', user, field)
        elseif field == 'k' or field == 'p' or field == 'u' or isEntry and entries < most then
          content[#content + 1] = field
          content[#content + 1] = value
          if isEntry then entries = entries + 1 end
          if field == 'k' then current = value end
        end
      end
      """;

  /**
   * Further ARGV: the sealed session key, the session's id and expiry, the time to live (all ms),
   * the sealed unionid if there is one. An unchanged session key seals to the same bytes, so it
   * never becomes its own predecessor.
   */
  private static final String ADD =
      """
      local next, id, expiry, life = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
      if current ~= next then
        if current then redis.call('HSET', user, 'p', current) end
        redis.call('HSET', user, 'k', next)
      end
      if ARGV[8] then redis.call('HSET', user, 'u', ARGV[8]) end
      redis.call('HSET', user, id, expiry)
      content[#content + 1] = id
      content[#content + 1] = expiry
      if redis.call('PTTL', user) < tonumber(life) then redis.call('PEXPIRE', user, life) end
      """;

  private static final String RETURN = "return content";

  private static final RedisScript READING = new RedisScript(READ + RETURN);
  private static final RedisScript ADDING = new RedisScript(READ + ADD + RETURN);

  /** KEYS: the user. ARGV: the current session key as it is taken to be, the one to follow it. */
  private static final RedisScript REPLACE =
      new RedisScript(
          """
      local user = KEYS[1]
      if redis.call('TYPE', user).ok ~= 'hash' or redis.call('HGET', user, 'k') ~= ARGV[1] then
        return 0
      end
      redis.call('HSET', user, 'p', ARGV[1], 'k', ARGV[2])
      return 1
      """);

  /** KEYS: the user. ARGV: the sealed unionid. */
  private static final RedisScript LEARN =
      new RedisScript(
          """
      if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
      redis.call('HSET', KEYS[1], 'u', ARGV[1])
      return 1
      """);

  /** KEYS: the user. ARGV: the time to live (ms), then fields and values. Newer ones stay. */
  private static final RedisScript MERGE =
      new RedisScript(
          """
      local user = KEYS[1]
      local kind = redis.call('TYPE', user).ok
      if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', user) end
      for i = 2, #ARGV, 2 do redis.call('HSETNX', user, ARGV[i], ARGV[i + 1]) end
      if redis.call('PTTL', user) < tonumber(ARGV[1]) then redis.call('PEXPIRE', user, ARGV[1]) end
      return 1
      """);

  /** KEYS: the user. ARGV: fields and values. Those that have changed meanwhile stay. */
  private static final RedisScript REMOVE =
      new RedisScript(
          """
      local user = KEYS[1]
      if redis.call('TYPE', user).ok ~= 'hash' then return 0 end
      for i = 1, #ARGV, 2 do
        if redis.call('HGET', user, ARGV[i]) == ARGV[i + 1] then
          redis.call('HDEL', user, ARGV[i])
        end
      end
      return 1
      """);

  private final RedisCommands redis;
  private final SessionLimits limits;
  private final Clock clock;

  RedisUserHash(RedisCommands redis, SessionLimits limits, Clock clock) {
    this.redis = redis;
    this.limits = limits;
    this.clock = clock;
  }

  Uni<Content> read(String key) {
    return redis.send(reading(READING, key)).map(RedisUserHash::content);
  }

  /**
   * Adds a session and the current session key, sealed, and the unionid, sealed, if it is known.
   * The item is what is there then, but for a unionid that is given here.
   */
  Uni<Content> add(String key, byte[] sessionKey, Optional<byte[]> unionid, Entry entry) {
    var command =
        reading(ADDING, key)
            .arg(sessionKey)
            .arg(entry.id())
            .arg(entry.expiresAt().toEpochMilli())
            .arg(lifetime());
    unionid.ifPresent(command::arg);
    return redis.send(command).map(RedisUserHash::content);
  }

  /** Keeps the unionid, sealed, of a user who has sessions. */
  Uni<Void> learnUnionid(String key, byte[] unionid) {
    return redis.send(LEARN.on(key).arg(unionid)).replaceWithVoid();
  }

  Uni<Void> removeEntries(String key, Collection<String> ids) {
    if (ids.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var command = Request.cmd(Command.HDEL).arg(key);
    ids.forEach(command::arg);
    return redis.send(command).replaceWithVoid();
  }

  /** Makes it the current one, and the one there was its predecessor, unless that has changed. */
  Uni<Void> replaceSessionKey(String key, byte[] current, byte[] next) {
    return redis.send(REPLACE.on(key).arg(current).arg(next)).replaceWithVoid();
  }

  /** Adds fields that are not there yet. */
  Uni<Void> merge(String key, Map<String, byte[]> fields) {
    return redis.send(withFields(MERGE.on(key).arg(lifetime()), fields)).replaceWithVoid();
  }

  /** Removes fields that still have these values. */
  Uni<Void> remove(String key, Map<String, byte[]> fields) {
    return redis.send(withFields(REMOVE.on(key), fields)).replaceWithVoid();
  }

  private Call reading(RedisScript script, String key) {
    return script.on(key).arg(clock.millis()).arg(MOST).arg(LARGEST);
  }

  private long lifetime() {
    return limits.lifetime().toMillis();
  }

  private static Call withFields(Call command, Map<String, byte[]> fields) {
    fields.forEach((field, value) -> command.arg(field).arg(value));
    return command;
  }

  private static Content content(Response pairs) {
    var fields = new HashMap<String, byte[]>();
    for (int i = 0; i < pairs.size(); i += 2) {
      fields.put(pairs.get(i).toString(), pairs.get(i + 1).toBytes());
    }
    return new Content(fields);
  }

  /** What the field's value is sealed for. Empty for an entry. */
  static Optional<Purpose> purpose(String field) {
    return Optional.ofNullable(SEALED.get(field));
  }
}
