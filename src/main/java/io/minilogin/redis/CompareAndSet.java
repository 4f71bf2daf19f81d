package io.minilogin.redis;

import io.minilogin.redis.RedisScript.Call;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Replaces a value unless it has changed or ended meanwhile, in one step. */
@Singleton
public class CompareAndSet {

  /** KEYS: the key. ARGV: old, new, ms; without them the time to live stays. */
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

  /** With a new time to live. Whether the old value was still there. */
  public Uni<Boolean> replace(String key, byte[] old, byte[] value, Duration timeToLive) {
    return send(command(key, old, value).arg(timeToLive.toMillis()));
  }

  /** With the time to live that it has. Whether the old value was still there. */
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
