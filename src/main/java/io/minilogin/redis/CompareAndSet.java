package io.minilogin.redis;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Replaces a value unless it has changed or ended meanwhile, in one step. */
@Singleton
public class CompareAndSet {

  /** KEYS: the key. ARGV: old, new, ms; without them the time to live stays. */
  private static final String REPLACE =
      """
      if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end
      if ARGV[3] then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      else
        redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
      end
      return 1
      """;

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

  private static Request command(String key, byte[] old, byte[] value) {
    return RedisCommands.script(REPLACE, key).arg(old).arg(value);
  }

  private Uni<Boolean> send(Request command) {
    return redis.send(command).map(replaced -> replaced.toInteger() == 1);
  }
}
