package io.minilogin.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.store.RedisCommands;
import io.minilogin.wechat.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The session keys in the hash of {@link RedisUsers}: {@code k}, and {@code p} before it. Logins
 * write them there.
 */
@Singleton
class RedisSessionKeys {

  /** KEYS: the user. ARGV: the current key as it is taken to be, the one to follow it. */
  private static final String REPLACE =
      """
      if redis.call('HGET', KEYS[1], 'k') ~= ARGV[1] then return 0 end
      redis.call('HSET', KEYS[1], 'p', ARGV[1], 'k', ARGV[2])
      return 1
      """;

  private final RedisCommands redis;
  private final Seals seals;

  RedisSessionKeys(RedisCommands redis, Seals seals) {
    this.redis = redis;
    this.seals = seals;
  }

  /** The current one, then the one before it, as far as they are known. */
  Uni<List<Secret>> find(String appid, String openid) {
    var user = user(appid, openid);
    return redis
        .send(Request.cmd(Command.HMGET).arg(user).arg("k").arg("p"))
        .map(
            values ->
                StreamSupport.stream(values.spliterator(), false)
                    .flatMap(value -> opened(appid, user, value).stream())
                    .toList());
  }

  /** Makes it the current one, and the one there was its predecessor, unless that has changed. */
  Uni<Void> replace(String appid, String openid, Secret current, Secret next) {
    var user = user(appid, openid);
    return redis
        .send(
            RedisCommands.script(REPLACE, user)
                .arg(sealed(appid, user, current))
                .arg(sealed(appid, user, next)))
        .replaceWithVoid();
  }

  private Optional<Secret> opened(String appid, String user, Response value) {
    return Optional.ofNullable(value)
        .flatMap(bytes -> seals.open(Purpose.SESSION_KEY, user, bytes.toBytes()))
        .filter(opened -> opened.appid().equals(appid))
        .map(opened -> new Secret(new String(opened.plaintext(), UTF_8)));
  }

  private byte[] sealed(String appid, String user, Secret sessionKey) {
    return seals.seal(appid, Purpose.SESSION_KEY, user, sessionKey.reveal().getBytes(UTF_8));
  }

  private String user(String appid, String openid) {
    return RedisUsers.key(seals.userKey(appid, openid));
  }
}
