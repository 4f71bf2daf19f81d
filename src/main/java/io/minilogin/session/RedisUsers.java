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

  /** What is known of a user, the oldest entry first. */
  record Known(List<Entry> entries, Optional<String> unionid) {
    @Override
    public String toString() {
      return "Known";
    }
  }

  RedisUsers(RedisUserHash hashes, Seals seals) {
    this.hashes = hashes;
    this.seals = seals;
  }

  /**
   * Adds a session, the user's current session key, and the unionid if WeChat told it. Answers what
   * is known then, with a unionid that was known before.
   */
  Uni<Known> add(UserId user, Secret sessionKey, Optional<String> unionid, Entry entry) {
    return migrate(user)
        .chain(
            () ->
                hashes.add(
                    key(user),
                    seal(user, Purpose.SESSION_KEY, sessionKey.reveal()),
                    unionid.map(id -> seal(user, Purpose.UNIONID, id)),
                    entry))
        .map(
            content ->
                new Known(
                    content.entries(),
                    unionid.or(
                        () ->
                            content
                                .unionid()
                                .flatMap(id -> unseal(user, Purpose.UNIONID, key(user), id)))));
  }

  /** From now on the user has it, as long as there are sessions. */
  Uni<Void> learnUnionid(UserId user, String unionid) {
    return hashes.learnUnionid(key(user), seal(user, Purpose.UNIONID, unionid));
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
                    .flatMap(value -> unseal(user, Purpose.SESSION_KEY, key(user), value).stream())
                    .map(Secret::new)
                    .toList());
  }

  /** Makes it the current one, and the one there was its predecessor, unless that has changed. */
  Uni<Void> replaceSessionKey(UserId user, Secret current, Secret next) {
    return hashes.replaceSessionKey(
        key(user),
        seal(user, Purpose.SESSION_KEY, current.reveal()),
        seal(user, Purpose.SESSION_KEY, next.reveal()));
  }

  /** Brings over what lies under the user's previous name. May be repeated. */
  Uni<Void> migrate(UserId user) {
    return seals
        .previousUserHash(user.appid(), user.openid())
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

  /** Empty for a value that should be sealed and cannot be unsealed. */
  private Optional<byte[]> copy(UserId user, String previous, String field, byte[] value) {
    var purpose = RedisUserHash.purpose(field);
    return purpose.isEmpty()
        ? Optional.of(value)
        : unseal(user, purpose.get(), previous, value).map(text -> seal(user, purpose.get(), text));
  }

  private Uni<Content> read(UserId user) {
    return migrate(user).chain(() -> hashes.read(key(user)));
  }

  private Optional<String> unseal(UserId user, Purpose purpose, String key, byte[] value) {
    return seals
        .unseal(purpose, key, value)
        .filter(unsealed -> unsealed.appid().equals(user.appid()))
        .map(unsealed -> new String(unsealed.plaintext(), UTF_8));
  }

  private byte[] seal(UserId user, Purpose purpose, String text) {
    return seals.seal(user.appid(), purpose, key(user), text.getBytes(UTF_8));
  }

  private String key(UserId user) {
    return key(seals.userHash(user.appid(), user.openid()));
  }

  private static String key(String name) {
    return "ml:u:" + name;
  }
}
