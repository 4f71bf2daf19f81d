package io.minilogin.redis;

import io.minilogin.redis.RedisScript.Call;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Values in Redis: one string for each key, which expires by itself. Calls fail as those of {@link
 * RedisCommands}.
 */
@Startup
@Singleton
public class RedisValues {
  /** Size limit of most values that the service stores, in bytes. */
  private static final int LARGEST = 1024;

  private static final RedisScript COMPARE_AND_SET = RedisScript.of("compare-and-set.lua");

  private static final RedisScript DELETE = RedisScript.of("compare-and-delete.lua");

  private final RedisCommands redis;

  RedisValues(RedisCommands redis) {
    this.redis = redis;
  }

  /**
   * Returns the value at this key; empty if the key does not exist. The service stores hardly any
   * value of over {@value #LARGEST} bytes; only the beginning of such a value is returned.
   */
  public Uni<Optional<byte[]>> get(String key) {
    return get(key, LARGEST);
  }

  /**
   * Returns the value at this key, or only its beginning.
   *
   * @param largest the size of the largest value that the service stores at this key, in bytes
   */
  public Uni<Optional<byte[]>> get(String key, int largest) {
    return redis
        .send(Request.cmd(Command.GETRANGE).arg(key).arg(0).arg(largest - 1))
        .map(
            value ->
                Optional.ofNullable(value)
                    .map(Response::toBytes)
                    .filter(bytes -> bytes.length > 0));
  }

  /** Returns the TTL of the key in milliseconds; negative if the key does not exist. */
  public Uni<Long> timeToLive(String key) {
    return redis.send(Request.cmd(Command.PTTL).arg(key)).map(Response::toLong);
  }

  public Uni<Void> set(String key, byte[] value, Duration timeToLive) {
    return redis.send(setting(key, value, timeToLive)).replaceWithVoid();
  }

  /** Stores the value unless the key exists. Returns whether it was stored. */
  public Uni<Boolean> setIfAbsent(String key, byte[] value, Duration timeToLive) {
    return redis.send(setting(key, value, timeToLive).arg("NX")).map(ok -> ok != null);
  }

  /** Replaces the value and its TTL. Returns false if the key does not hold the old value. */
  public Uni<Boolean> replace(String key, byte[] old, byte[] value, Duration timeToLive) {
    return isDone(replacing(key, old, value).arg(timeToLive.toMillis()));
  }

  /** Replaces the value and keeps its TTL. Returns false if the key does not hold the old value. */
  public Uni<Boolean> replace(String key, byte[] old, byte[] value) {
    return isDone(replacing(key, old, value));
  }

  /** Deletes the key. Returns whether it existed. */
  public Uni<Boolean> delete(String key) {
    return redis.send(Request.cmd(Command.DEL).arg(key)).map(deleted -> deleted.toInteger() > 0);
  }

  /** Deletes the key if it holds this value. */
  public Uni<Void> delete(String key, byte[] value) {
    return redis.send(DELETE.on(key).arg(value)).replaceWithVoid();
  }

  private static Request setting(String key, byte[] value, Duration timeToLive) {
    return Request.cmd(Command.SET).arg(key).arg(value).arg("PX").arg(timeToLive.toMillis());
  }

  private static Call replacing(String key, byte[] old, byte[] value) {
    return COMPARE_AND_SET.on(key).arg(old).arg(value);
  }

  private Uni<Boolean> isDone(Call call) {
    return redis.send(call).map(done -> done.toInteger() == 1);
  }
}
