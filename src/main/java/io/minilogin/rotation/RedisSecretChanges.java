package io.minilogin.rotation;

import io.minilogin.redis.RedisValues;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.SessionLimits;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Stores changes of an app's secret in Redis: {@code ml:r:<appid>:<id of the new secret>}, sealed
 * under the new secret, so that an instance that has no other secret can read it. The key lives as
 * long as the longest session lifetime that may be configured, so that an instance that starts
 * later does not restart the delay.
 */
@Singleton
class RedisSecretChanges {
  private static final Duration TTL = SessionLimits.LONGEST;

  private final RedisValues values;
  private final Seals seals;

  RedisSecretChanges(RedisValues values, Seals seals) {
    this.values = values;
    this.seals = seals;
  }

  /**
   * Returns the change; empty if no instance has stored it, or if the value was not written by the
   * service.
   */
  Uni<Optional<SecretChange>> find(String appid, String secretId) {
    var key = key(appid, secretId);
    return values
        .get(key)
        .map(
            value ->
                value
                    .flatMap(bytes -> seals.unseal(appid, Purpose.SECRET_CHANGE, key, bytes))
                    .map(SecretChange::unpack));
  }

  /**
   * Stores a change unless another instance was faster.
   *
   * @return the change that is in Redis after the call
   */
  Uni<SecretChange> store(String appid, String secretId, SecretChange change) {
    return values
        .setIfAbsent(key(appid, secretId), sealed(appid, secretId, change), TTL)
        .chain(() -> find(appid, secretId))
        .flatMap(
            found ->
                found
                    .map(Uni.createFrom()::item)
                    // The key holds a value that the service did not write.
                    .orElseGet(() -> replace(appid, secretId, change)));
  }

  /** Stores a change and replaces an earlier change to the same secret. */
  Uni<SecretChange> replace(String appid, String secretId, SecretChange change) {
    return values
        .set(key(appid, secretId), sealed(appid, secretId, change), TTL)
        .replaceWith(change);
  }

  private byte[] sealed(String appid, String secretId, SecretChange change) {
    var key = key(appid, secretId);
    return seals.sealUnder(appid, secretId, Purpose.SECRET_CHANGE, key, change.pack());
  }

  private static String key(String appid, String secretId) {
    return "ml:r:" + appid + ":" + secretId;
  }
}
