package io.minilogin.rotation;

import io.minilogin.redis.RedisCommands;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.SessionLimits;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Stores changes of an app's secret in Redis: {@code ml:r:<appid>:<id of the new secret>}, sealed
 * under the new secret, so that an instance that has no other secret can read it. The key lives as
 * long as the longest session lifetime that may be configured, so that an instance that starts
 * later does not restart the delay.
 */
@Singleton
class RedisSecretChanges {
  private final RedisCommands redis;
  private final Seals seals;

  RedisSecretChanges(RedisCommands redis, Seals seals) {
    this.redis = redis;
    this.seals = seals;
  }

  /**
   * Returns the change; empty if no instance has stored it, or if the value was not written by the
   * service.
   */
  Uni<Optional<SecretChange>> find(String appid, String secretId) {
    var key = key(appid, secretId);
    return redis
        .get(key)
        .map(
            value ->
                value
                    .flatMap(bytes -> seals.unseal(Purpose.SECRET_CHANGE, key, bytes))
                    .filter(unsealed -> unsealed.appid().equals(appid))
                    .map(unsealed -> SecretChange.unpack(unsealed.plaintext())));
  }

  /**
   * Stores a change unless another instance was faster.
   *
   * @return the change that is in Redis after the call
   */
  Uni<SecretChange> store(String appid, String secretId, SecretChange change) {
    return redis
        .send(set(appid, secretId, change).arg("NX"))
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
    return redis.send(set(appid, secretId, change)).replaceWith(change);
  }

  private Request set(String appid, String secretId, SecretChange change) {
    var key = key(appid, secretId);
    var value = seals.sealUnder(appid, secretId, Purpose.SECRET_CHANGE, key, change.pack());
    return Request.cmd(Command.SET)
        .arg(key)
        .arg(value)
        .arg("PX")
        .arg(SessionLimits.LONGEST.toMillis());
  }

  private static String key(String appid, String secretId) {
    return "ml:r:" + appid + ":" + secretId;
  }
}
