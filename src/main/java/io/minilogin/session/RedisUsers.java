package io.minilogin.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.RedisUserHash.Entry;
import io.minilogin.session.RedisUserHash.SealedKey;
import io.minilogin.session.UserFields.SealedBlock;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stores users in Redis under {@code ml:u:<name>}, each as a {@link RedisUserHash} with sealed
 * values. A login seals these values again under the secret in use. So an older app secret is
 * needed only until the user's sessions have ended.
 */
@Singleton
class RedisUsers {
  private final RedisUserHash hashes;
  private final Seals seals;
  private final Clock clock;

  /**
   * A user at the time of a login.
   *
   * @param entries the user's sessions with the new one, the oldest first
   * @param unionid the unionid that was known before the login
   * @param block present if the user is blocked; then the session was not added
   */
  record Known(List<Entry> entries, Optional<String> unionid, Optional<SealedBlock> block) {
    @Override
    public String toString() {
      return "Known";
    }
  }

  /**
   * The session keys of a user, as far as they are known.
   *
   * @param current the session key that was stored last
   * @param previous the session key before it
   * @param sealed the current session key, exactly as it is stored in Redis; empty if the user has
   *     no session key
   */
  record StoredKeys(Optional<Secret> current, Optional<Secret> previous, Optional<byte[]> sealed) {
    List<Secret> all() {
      return Stream.of(current, previous).flatMap(Optional::stream).distinct().toList();
    }
  }

  RedisUsers(RedisUserHash hashes, Seals seals, Clock clock) {
    this.hashes = hashes;
    this.seals = seals;
    this.clock = clock;
  }

  /**
   * Adds a session and the user's current session key, and seals the user's values under the secret
   * in use. Stores the unionid if the user has no other session; otherwise the caller updates the
   * other sessions before {@link #storeUnionid}. A no-op if the user is blocked.
   */
  Uni<Known> add(Login login, Entry entry) {
    var user = login.user();
    var key = key(user);
    var sealed =
        new SealedKey(sealed(user, key, login.sessionKey()), login.at(), login.isResumed());
    return hashes
        .add(key, sealed, login.unionid().map(id -> seal(user, key, Purpose.UNIONID, id)), entry)
        .call(
            before ->
                before.block().isPresent()
                    ? Uni.createFrom().voidItem()
                    : sealAnew(login, key, before, sealed))
        .map(before -> new Known(before.entries(), unionid(user, key, before), before.block()));
  }

  /** Seals values of another secret again, which {@link RedisUserHash#add} does not change. */
  private Uni<Void> sealAnew(Login login, String key, UserFields before, SealedKey sealed) {
    var user = login.user();
    var stored = before.sessionKey().filter(value -> !Seals.isOfOneSecret(value, sealed.sealed()));
    if (stored.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var current = sessionKey(user, key, stored);
    var isNewer = login.isResumed() && before.sessionKeyIssued().isAfter(login.at());
    var next = isNewer ? current.orElse(login.sessionKey()) : login.sessionKey();
    var previous =
        current.equals(Optional.of(next))
            ? sessionKey(user, key, before.previousSessionKey())
            : current;
    var replaced =
        hashes.replaceSessionKey(
            key,
            stored.get(),
            sealed(user, key, next),
            isNewer ? before.sessionKeyIssued() : login.at(),
            previous.map(secret -> sealed(user, key, secret)));
    return unionid(user, key, before)
        .map(id -> replaced.chain(() -> storeUnionid(user, id)))
        .orElse(replaced);
  }

  /** Stores the unionid for as long as the user has sessions. */
  Uni<Void> storeUnionid(UserId user, String unionid) {
    var key = key(user);
    return hashes.storeUnionid(key, seal(user, key, Purpose.UNIONID, unionid));
  }

  /**
   * Returns the user's entries, the oldest first. The list may be incomplete if it has {@link
   * RedisUserHash#MOST} entries.
   */
  Uni<List<Entry>> entries(UserId user) {
    return hashes.read(key(user)).map(UserFields::entries);
  }

  Uni<Void> removeEntries(UserId user, Collection<String> ids) {
    return hashes.removeEntries(key(user), ids);
  }

  /** Deletes a user without sessions, except a block. A no-op for a user with sessions. */
  Uni<Void> forget(UserId user) {
    return hashes.forget(key(user));
  }

  Uni<StoredKeys> sessionKeys(UserId user) {
    var key = key(user);
    return hashes
        .read(key)
        .map(
            content ->
                new StoredKeys(
                    sessionKey(user, key, content.sessionKey()),
                    sessionKey(user, key, content.previousSessionKey()),
                    content.sessionKey()));
  }

  /**
   * Replaces the session key, which WeChat has just issued, and keeps the current one as the
   * previous one. A no-op if the stored session key has changed since it was read.
   */
  Uni<Void> replaceSessionKey(UserId user, StoredKeys read, Secret next) {
    var key = key(user);
    return hashes.replaceSessionKey(
        key,
        read.sealed().orElse(new byte[0]),
        sealed(user, key, next),
        clock.instant(),
        read.current().map(secret -> sealed(user, key, secret)));
  }

  private Optional<Secret> sessionKey(UserId user, String key, Optional<byte[]> sealed) {
    return sealed.flatMap(value -> unseal(user, Purpose.SESSION_KEY, key, value)).map(Secret::new);
  }

  private Optional<String> unionid(UserId user, String key, UserFields stored) {
    return stored.unionid().flatMap(value -> unseal(user, Purpose.UNIONID, key, value));
  }

  private Optional<String> unseal(UserId user, Purpose purpose, String key, byte[] value) {
    return seals
        .unseal(user.appid(), purpose, key, value)
        .map(plaintext -> new String(plaintext, UTF_8));
  }

  private byte[] sealed(UserId user, String key, Secret sessionKey) {
    return seal(user, key, Purpose.SESSION_KEY, sessionKey.reveal());
  }

  private byte[] seal(UserId user, String key, Purpose purpose, String text) {
    return seals.seal(user.appid(), purpose, key, text.getBytes(UTF_8));
  }

  /** Returns the Redis key of the user's hash. */
  static String key(UserId user) {
    return "ml:u:" + user.hash();
  }
}
