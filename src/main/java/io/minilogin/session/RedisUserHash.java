package io.minilogin.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stores each user of an app as a hash in Redis:
 *
 * <ul>
 *   <li>{@code k} is the sealed session key, {@code p} the previous one. WeChat knows one session
 *       key of a user at a time, and a login on any device replaces it, so the sessions do not hold
 *       it.
 *   <li>{@code u} is the sealed unionid, once it is known. WeChat does not return it at each login.
 *   <li>Every field of 43 characters is a session's id with its expiry (epoch milliseconds): the
 *       index behind "log out everywhere".
 * </ul>
 *
 * One hash instead of two keys saves 150 bytes per user, stays in Redis' compact encoding (all
 * values under 64 bytes) and can be changed in one atomic step on a cluster. Reading removes
 * expired entries; the hash expires with the latest session.
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
  private static final String CURRENT_KEY = "k";
  private static final String PREVIOUS_KEY = "p";
  private static final String UNIONID = "u";

  /**
   * An indexed session. The session may have ended already: the entry of an idle session stays
   * until the session's expiry.
   */
  record Entry(String id, Instant expiresAt) {}

  /** The fields and values that were read. */
  record Content(Map<String, byte[]> fields) {
    /** Returns the sealed current session key. */
    Optional<byte[]> sessionKey() {
      return Optional.ofNullable(fields.get(CURRENT_KEY));
    }

    /** Returns the sealed previous session key. */
    Optional<byte[]> previousSessionKey() {
      return Optional.ofNullable(fields.get(PREVIOUS_KEY));
    }

    /** Returns the sealed unionid. */
    Optional<byte[]> unionid() {
      return Optional.ofNullable(fields.get(UNIONID));
    }

    /** Returns the entries, the oldest first. */
    List<Entry> entries() {
      return fields.entrySet().stream()
          .filter(field -> field.getKey().length() > 1)
          .map(field -> new Entry(field.getKey(), expiry(field.getValue())))
          .sorted(Comparator.comparing(Entry::expiresAt))
          .toList();
    }

    private static Instant expiry(byte[] value) {
      return Instant.ofEpochMilli(Long.parseLong(new String(value, US_ASCII)));
    }
  }

  /**
   * ARGV: now (ms), the maximum number of entries, the maximum size of a value (bytes). Stores
   * fields and values in the variable "content".
   *
   * <p>Each call names its key as {@code KEYS[1]}, because proxies in front of a cluster refuse a
   * script that has its key in a variable.
   */
  private static final String READ =
      """
      local now, most, largest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      local kind = redis.call('TYPE', KEYS[1]).ok
      if kind ~= 'hash' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
      local content, entries, current = {}, 0, false
      for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
        local isKnown = #field == 1 or #field == 43
        local value = isKnown and redis.call('HSTRLEN', KEYS[1], field) <= largest
          and redis.call('HGET', KEYS[1], field)
        local isEntry = value and #field == 43 and #value <= 15 and string.find(value, '^%d+$')
          and tonumber(value) > now
        if not value or #field == 43 and not isEntry then
          redis.call('HDEL', KEYS[1], field)
        elseif field == 'k' or field == 'p' or field == 'u' or isEntry and entries < most then
          content[#content + 1] = field
          content[#content + 1] = value
          if isEntry then entries = entries + 1 end
          if field == 'k' then current = value end
        end
      end
      """;

  /**
   * Further ARGV: the sealed session key, the session's id, its expiry (epoch milliseconds), the
   * time to live of the hash (ms), the sealed unionid if WeChat returned it.
   *
   * <p>A secret always seals a session key to the same bytes. So the script can recognise a new
   * session key if the same secret sealed both keys; the id of the secret is in the first four
   * bytes. Otherwise the caller decides with {@link #replaceSessionKey}. The script stores a
   * unionid only for a user without other sessions; otherwise the caller updates these sessions
   * first.
   */
  private static final String ADD =
      """
      local next, id, expiry, life = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
      if not current then
        redis.call('HSET', KEYS[1], 'k', next)
      elseif current ~= next and string.sub(current, 1, 4) == string.sub(next, 1, 4) then
        redis.call('HSET', KEYS[1], 'p', current, 'k', next)
      end
      if ARGV[8] and entries == 0 then redis.call('HSET', KEYS[1], 'u', ARGV[8]) end
      redis.call('HSET', KEYS[1], id, expiry)
      content[#content + 1] = id
      content[#content + 1] = expiry
      if redis.call('PTTL', KEYS[1]) < tonumber(life) then redis.call('PEXPIRE', KEYS[1], life) end
      """;

  private static final String RETURN = "return content";

  private static final RedisScript READING = new RedisScript(READ + RETURN);
  private static final RedisScript ADDING = new RedisScript(READ + ADD + RETURN);

  /**
   * KEYS: the user. ARGV: the sealed session key that was read, its successor, and the previous
   * session key if that changes.
   */
  private static final RedisScript REPLACE =
      new RedisScript(
          """
      if redis.call('TYPE', KEYS[1]).ok ~= 'hash'
        or (redis.call('HGET', KEYS[1], 'k') or '') ~= ARGV[1] then return 0 end
      redis.call('HSET', KEYS[1], 'k', ARGV[2])
      if ARGV[3] then redis.call('HSET', KEYS[1], 'p', ARGV[3]) end
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
   * Adds a session, the sealed session key and, if WeChat returned it, the sealed unionid.
   *
   * @return the previous content and the new entry
   */
  Uni<Content> add(String key, byte[] sessionKey, Optional<byte[]> unionid, Entry entry) {
    return redis
        .send(adding(key, sessionKey, unionid, entry, lifetime()))
        .map(RedisUserHash::content);
  }

  @Override
  public Call probe() {
    var entry = new Entry("0".repeat(43), clock.instant().plusSeconds(1));
    return adding("ml:probe", new byte[1], Optional.of(new byte[1]), entry, 1);
  }

  private Call adding(
      String key, byte[] sessionKey, Optional<byte[]> unionid, Entry entry, long timeToLive) {
    var command =
        reading(ADDING, key)
            .arg(sessionKey)
            .arg(entry.id())
            .arg(entry.expiresAt().toEpochMilli())
            .arg(timeToLive);
    unionid.ifPresent(command::arg);
    return command;
  }

  /** Stores the sealed unionid of a user who has sessions. */
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

  /**
   * Replaces the session key; a no-op if the session key has changed since it was read.
   *
   * @param read the sealed session key that was read; empty if the user had no session key
   * @param next the sealed new session key
   * @param previous the sealed previous session key; empty to leave it unchanged
   */
  Uni<Void> replaceSessionKey(String key, byte[] read, byte[] next, Optional<byte[]> previous) {
    var command = REPLACE.on(key).arg(read).arg(next);
    previous.ifPresent(command::arg);
    return redis.send(command).replaceWithVoid();
  }

  private Call reading(RedisScript script, String key) {
    return script.on(key).arg(clock.millis()).arg(MOST).arg(LARGEST);
  }

  private long lifetime() {
    return limits.lifetime().toMillis();
  }

  private static Content content(Response pairs) {
    var fields = new HashMap<String, byte[]>();
    for (int i = 0; i < pairs.size(); i += 2) {
      fields.put(pairs.get(i).toString(), pairs.get(i + 1).toBytes());
    }
    return new Content(fields);
  }
}
