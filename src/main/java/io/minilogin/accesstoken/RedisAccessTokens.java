package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.redis.RedisValues;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The access tokens in Redis. The key {@code ml:t:<appid>} holds a sealed {@link
 * PackedAccessToken}. Its TTL is a day, longer than the lifetime of a token, because it contains
 * the number of forced refreshes.
 */
@Singleton
class RedisAccessTokens {
  private static final Duration TTL = Duration.ofDays(1);

  private record Found(AccessToken token, byte[] value) {}

  private final RedisValues values;
  private final Seals seals;
  private final AccessTokenGauges gauges;

  RedisAccessTokens(RedisValues values, Seals seals, AccessTokenGauges gauges) {
    this.values = values;
    this.seals = seals;
    this.gauges = gauges;
  }

  /**
   * Returns the app's token, which may have expired. Empty if the key is absent or cannot be
   * unsealed.
   */
  Uni<Optional<AccessToken>> find(String appid) {
    return found(appid)
        .map(found -> found.map(Found::token))
        .invoke(found -> found.ifPresent(token -> gauges.seen(appid, token)));
  }

  Uni<Void> save(String appid, AccessToken token) {
    return values
        .set(key(appid), sealed(appid, token), TTL)
        .invoke(() -> gauges.seen(appid, token));
  }

  /**
   * Postpones the next refresh for all instances, unless the token was replaced. Retries after a
   * concurrent change. Returns the stored token.
   */
  Uni<Optional<AccessToken>> postpone(String appid, Secret text, Instant now) {
    return found(appid)
        .flatMap(
            found -> {
              var stored = found.map(Found::token);
              var changed = stored.filter(it -> it.text().equals(text)).map(it -> it.dueLater(now));
              return changed.isEmpty() || changed.equals(stored)
                  ? Uni.createFrom().item(stored)
                  : values
                      .replace(key(appid), found.get().value(), sealed(appid, changed.get()), TTL)
                      .flatMap(
                          done ->
                              done ? Uni.createFrom().item(changed) : postpone(appid, text, now));
            });
  }

  private Uni<Optional<Found>> found(String appid) {
    return values.get(key(appid)).map(value -> value.flatMap(bytes -> unsealed(appid, bytes)));
  }

  private Optional<Found> unsealed(String appid, byte[] value) {
    return seals
        .unseal(appid, Purpose.ACCESS_TOKEN, key(appid), value)
        .map(plaintext -> new Found(PackedAccessToken.unpack(plaintext), value));
  }

  private byte[] sealed(String appid, AccessToken token) {
    return seals.seal(appid, Purpose.ACCESS_TOKEN, key(appid), PackedAccessToken.pack(token));
  }

  private static String key(String appid) {
    return "ml:t:" + appid;
  }
}
