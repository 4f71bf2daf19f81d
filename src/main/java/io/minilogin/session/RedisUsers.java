package io.minilogin.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.RedisUserHash.Content;
import io.minilogin.session.RedisUserHash.Entry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The users in Redis: {@code ml:u:<keyed hash of the openid>}, a {@link RedisUserHash}.
 *
 * <p>The name is keyed by the app secret, so it changes when that is rotated. While a previous
 * secret is configured, each access first migrates what lies under the previous name. Instances
 * that know only the previous secret may write there at any moment: exactly what was copied is
 * removed, and what was added in between comes over the next time.
 */
@Singleton
class RedisUsers {
  private final RedisUserHash hashes;
  private final Seals seals;

  RedisUsers(RedisUserHash hashes, Seals seals) {
    this.hashes = hashes;
    this.seals = seals;
  }

  /** Notes a session and the user's current session key. Answers all entries, the oldest first. */
  Uni<List<Entry>> add(UserId user, Secret sessionKey, Entry entry) {
    return migrate(user)
        .chain(() -> hashes.add(key(user), sealed(user, sessionKey), entry))
        .map(Content::entries);
  }

  /**
   * The user's entries, the oldest first; perhaps not all if there are {@link RedisUserHash#MOST}.
   */
  Uni<List<Entry>> entries(UserId user) {
    return read(user).map(Content::entries);
  }

  Uni<Void> removeEntries(UserId user, Collection<String> ids) {
    return hashes.removeEntries(key(user), ids);
  }

  /** The current session key, then the one before it, as far as they are known. */
  Uni<List<Secret>> sessionKeys(UserId user) {
    return read(user)
        .map(
            content ->
                content.sessionKeys().stream()
                    .flatMap(value -> unsealed(user, key(user), value).stream())
                    .toList());
  }

  /** Makes it the current one, and the one there was its predecessor, unless that has changed. */
  Uni<Void> replaceSessionKey(UserId user, Secret current, Secret next) {
    return hashes.replaceSessionKey(key(user), sealed(user, current), sealed(user, next));
  }

  /** Brings over what lies under the user's previous name. May be repeated. */
  Uni<Void> migrate(UserId user) {
    return seals
        .previousUserKey(user.appid(), user.openid())
        .map(RedisUsers::key)
        .map(
            previous ->
                hashes.read(previous).flatMap(found -> migrate(user, previous, found.fields())))
        .orElseGet(Uni.createFrom()::voidItem);
  }

  private Uni<Void> migrate(UserId user, String previous, Map<String, byte[]> found) {
    if (found.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var copies = new HashMap<String, byte[]>();
    found.forEach(
        (field, value) ->
            copy(user, previous, field, value).ifPresent(copy -> copies.put(field, copy)));
    return hashes.merge(key(user), copies).chain(() -> hashes.remove(previous, found));
  }

  /** Empty for a session key that cannot be unsealed. */
  private Optional<byte[]> copy(UserId user, String previous, String field, byte[] value) {
    return RedisUserHash.isSessionKey(field)
        ? unsealed(user, previous, value).map(sessionKey -> sealed(user, sessionKey))
        : Optional.of(value);
  }

  private Uni<Content> read(UserId user) {
    return migrate(user).chain(() -> hashes.read(key(user)));
  }

  private Optional<Secret> unsealed(UserId user, String key, byte[] value) {
    return seals
        .open(Purpose.SESSION_KEY, key, value)
        .filter(opened -> opened.appid().equals(user.appid()))
        .map(opened -> new Secret(new String(opened.plaintext(), UTF_8)));
  }

  private byte[] sealed(UserId user, Secret sessionKey) {
    var plaintext = sessionKey.reveal().getBytes(UTF_8);
    return seals.seal(user.appid(), Purpose.SESSION_KEY, key(user), plaintext);
  }

  private String key(UserId user) {
    return key(seals.userKey(user.appid(), user.openid()));
  }

  private static String key(String name) {
    return "ml:u:" + name;
  }
}
