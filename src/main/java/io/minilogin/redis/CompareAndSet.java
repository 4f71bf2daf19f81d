package io.minilogin.redis;

import io.minilogin.redis.RedisScript.Call;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Replaces a value atomically, unless it has changed or expired. */
@Singleton
public class CompareAndSet {

  /** KEYS: the key. ARGV: old value, new value, TTL in ms. Without a TTL, the current TTL stays. */
  private static final RedisScript REPLACE =
      new RedisScript(
          """
      if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      if ARGV[3] then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      else
        redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
      end
      return 1
      """);

  private final RedisCommands redis;

  CompareAndSet(RedisCommands redis) {
    this.redis = redis;
  }

  /**
   * Replaces the value and sets a new TTL. Returns false if the key does not hold the old value.
   */
  public Uni<Boolean> replace(String key, byte[] old, byte[] value, Duration timeToLive) {
    return send(command(key, old, value).arg(timeToLive.toMillis()));
  }

  /** Replaces the value and keeps its TTL. Returns false if the key does not hold the old value. */
  public Uni<Boolean> replace(String key, byte[] old, byte[] value) {
    return send(command(key, old, value));
  }

  private static Call command(String key, byte[] old, byte[] value) {
    return REPLACE.on(key).arg(old).arg(value);
  }

  private Uni<Boolean> send(Call command) {
    return redis.send(command).map(replaced -> replaced.toInteger() == 1);
  }
}
