package io.minilogin.rotation;

import io.minilogin.redis.RedisCommands;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When the first instance learnt of an app's new secret: {@code ml:r:<appid>:<id of the secret>},
 * milliseconds since 1970, sealed. It stays for as long as a previous secret may be configured, so
 * that an instance that starts later does not begin anew.
 */
@Singleton
class RedisSecretAges {
  /** The longest lifetime that sessions may have. */
  private static final Duration KEPT = Duration.ofDays(3650);

  private final RedisCommands redis;
  private final Seals seals;
  private final Clock clock;

  RedisSecretAges(RedisCommands redis, Seals seals, Clock clock) {
    this.redis = redis;
    this.seals = seals;
    this.clock = clock;
  }

  /** Now, if this instance is the first. */
  Uni<Instant> learnt(String appid, String secretId) {
    var key = "ml:r:" + appid + ":" + secretId;
    return find(appid, key)
        .flatMap(known -> known.map(Uni.createFrom()::item).orElseGet(() -> first(appid, key)));
  }

  /** Another instance may be faster; what is not ours is replaced. */
  private Uni<Instant> first(String appid, String key) {
    var now = clock.instant();
    var value =
        seals.seal(
            appid,
            Purpose.SECRET_AGE,
            key,
            ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array());
    return redis
        .send(set(key, value).arg("NX"))
        .chain(() -> find(appid, key))
        .flatMap(
            known ->
                known
                    .map(Uni.createFrom()::item)
                    .orElseGet(() -> redis.send(set(key, value)).replaceWith(now)));
  }

  private static Request set(String key, byte[] value) {
    return Request.cmd(Command.SET).arg(key).arg(value).arg("PX").arg(KEPT.toMillis());
  }

  private Uni<Optional<Instant>> find(String appid, String key) {
    return redis
        .get(key)
        .map(
            value ->
                value
                    .flatMap(bytes -> seals.unseal(Purpose.SECRET_AGE, key, bytes))
                    .filter(unsealed -> unsealed.appid().equals(appid))
                    .map(unsealed -> ByteBuffer.wrap(unsealed.plaintext()).getLong())
                    .map(Instant::ofEpochMilli));
  }
}
