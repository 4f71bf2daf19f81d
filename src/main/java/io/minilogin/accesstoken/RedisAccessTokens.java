package io.minilogin.accesstoken;

import io.minilogin.app.Secret;
import io.minilogin.redis.CompareAndSet;
import io.minilogin.redis.RedisCommands;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The access tokens in Redis: {@code ml:t:<appid>}, a sealed {@link PackedAccessToken}. It lies
 * there for a day, longer than a token lives, because the forced refreshes are counted in it.
 */
@Singleton
class RedisAccessTokens {
  private static final Duration KEPT = Duration.ofDays(1);

  private record Found(AccessToken token, byte[] value) {}

  private final RedisCommands redis;
  private final CompareAndSet compareAndSet;
  private final Seals seals;
  private final AccessTokenGauges gauges;

  RedisAccessTokens(
      RedisCommands redis, CompareAndSet compareAndSet, Seals seals, AccessTokenGauges gauges) {
    this.redis = redis;
    this.compareAndSet = compareAndSet;
    this.seals = seals;
    this.gauges = gauges;
  }

  /** Also one that is no good any more. Empty when there is none that can be unsealed. */
  Uni<Optional<AccessToken>> find(String appid) {
    return found(appid)
        .map(found -> found.map(Found::token))
        .invoke(found -> found.ifPresent(token -> gauges.seen(appid, token)));
  }

  Uni<Void> save(String appid, AccessToken token) {
    return redis
        .send(
            Request.cmd(Command.SET)
                .arg(key(appid))
                .arg(sealed(appid, token))
                .arg("PX")
                .arg(KEPT.toMillis()))
        .invoke(done -> gauges.seen(appid, token))
        .replaceWithVoid();
  }

  /** Has everybody wait before the next attempt at another one; the item is what is there then. */
  Uni<Optional<AccessToken>> postpone(String appid, Secret text, Instant now) {
    return change(appid, text, token -> token.dueLater(now));
  }

  /** Again if something else was noted about it in between. */
  private Uni<Optional<AccessToken>> change(
      String appid, Secret text, UnaryOperator<AccessToken> change) {
    return found(appid)
        .flatMap(
            found -> {
              var there = found.map(Found::token);
              var changed = there.filter(token -> token.text().equals(text)).map(change);
              return changed.isEmpty() || changed.equals(there)
                  ? Uni.createFrom().item(there)
                  : compareAndSet
                      .replace(key(appid), found.get().value(), sealed(appid, changed.get()), KEPT)
                      .flatMap(
                          done ->
                              done ? Uni.createFrom().item(changed) : change(appid, text, change));
            });
  }

  private Uni<Optional<Found>> found(String appid) {
    return redis.get(key(appid)).map(value -> value.flatMap(bytes -> unsealed(appid, bytes)));
  }

  private Optional<Found> unsealed(String appid, byte[] value) {
    return seals
        .unseal(Purpose.ACCESS_TOKEN, key(appid), value)
        .filter(unsealed -> unsealed.appid().equals(appid))
        .map(unsealed -> new Found(PackedAccessToken.unpack(unsealed.plaintext()), value));
  }

  private byte[] sealed(String appid, AccessToken token) {
    return seals.seal(appid, Purpose.ACCESS_TOKEN, key(appid), PackedAccessToken.pack(token));
  }

  private static String key(String appid) {
    return "ml:t:" + appid;
  }
}
