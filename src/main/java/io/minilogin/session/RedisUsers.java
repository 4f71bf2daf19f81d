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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The users in Redis: {@code ml:u:<keyed hash of the openid>}, a {@link RedisUserHash}.
 *
 * <p>The name is keyed by the app secret, so it changes when that is rotated, at about the same
 * time on all instances. Those that use the new name migrate what lies under the old one at each
 * access: exactly what was copied is removed, and what is added in between comes over the next
 * time. Those that use the old name look under both, first under the old one: what is on its way
 * then lies under one of them at least.
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

  /** What lies under one of a user's names. */
  private record Part(String key, Content content) {}

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
            () -> {
              var key = key(user);
              return hashes
                  .add(
                      key,
                      seal(user, key, Purpose.SESSION_KEY, sessionKey.reveal()),
                      unionid.map(id -> seal(user, key, Purpose.UNIONID, id)),
                      entry)
                  .flatMap(content -> withUpcoming(user, new Part(key, content)));
            })
        .map(parts -> new Known(entries(parts), unionid.or(() -> unionid(user, parts))));
  }

  /** From now on the user has it, as long as there are sessions. */
  Uni<Void> learnUnionid(UserId user, String unionid) {
    return each(user, key -> hashes.learnUnionid(key, seal(user, key, Purpose.UNIONID, unionid)));
  }

  /**
   * The user's entries, the oldest first; perhaps not all if there are {@link RedisUserHash#MOST}.
   */
  Uni<List<Entry>> entries(UserId user) {
    return read(user).map(RedisUsers::entries);
  }

  Uni<Void> removeEntries(UserId user, Collection<String> ids) {
    return each(user, key -> hashes.removeEntries(key, ids));
  }

  /** The current session key, then the one before it, as far as they are known. */
  Uni<List<Secret>> sessionKeys(UserId user) {
    return read(user)
        .map(
            parts ->
                parts.stream()
                    .flatMap(
                        part ->
                            part.content().sessionKeys().stream()
                                .flatMap(
                                    value ->
                                        unseal(user, Purpose.SESSION_KEY, part.key(), value)
                                            .stream()))
                    .distinct()
                    .map(Secret::new)
                    .toList());
  }

  /** Makes it the current one, and the one there was its predecessor, unless that has changed. */
  Uni<Void> replaceSessionKey(UserId user, Secret current, Secret next) {
    return each(
        user,
        key ->
            hashes.replaceSessionKey(
                key,
                seal(user, key, Purpose.SESSION_KEY, current.reveal()),
                seal(user, key, Purpose.SESSION_KEY, next.reveal())));
  }

  /** Brings over what lies under the user's outdated name. May be repeated. */
  Uni<Void> migrate(UserId user) {
    return seals
        .outdatedUserHash(user.appid(), user.openid())
        .map(RedisUsers::key)
        .map(
            outdated ->
                hashes.read(outdated).flatMap(found -> migrate(user, outdated, found.fields())))
        .orElseGet(Uni.createFrom()::voidItem);
  }

  private Uni<Void> migrate(UserId user, String outdated, Map<String, byte[]> found) {
    if (found.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    var key = key(user);
    var copies = new HashMap<String, byte[]>();
    found.forEach(
        (field, value) ->
            copy(user, outdated, key, field, value).ifPresent(copy -> copies.put(field, copy)));
    return hashes.merge(key, copies).chain(() -> hashes.remove(outdated, found));
  }

  /** Empty for a value that should be sealed and cannot be unsealed. */
  private Optional<byte[]> copy(UserId user, String from, String to, String field, byte[] value) {
    var purpose = RedisUserHash.purpose(field);
    return purpose.isEmpty()
        ? Optional.of(value)
        : unseal(user, purpose.get(), from, value).map(text -> seal(user, to, purpose.get(), text));
  }

  private Uni<List<Part>> read(UserId user) {
    return migrate(user)
        .chain(
            () -> {
              var key = key(user);
              return hashes
                  .read(key)
                  .flatMap(content -> withUpcoming(user, new Part(key, content)));
            });
  }

  private Uni<List<Part>> withUpcoming(UserId user, Part part) {
    return upcoming(user)
        .map(key -> hashes.read(key).map(content -> List.of(part, new Part(key, content))))
        .orElseGet(() -> Uni.createFrom().item(List.of(part)));
  }

  /** The change under each name that the user may have. */
  private Uni<Void> each(UserId user, Function<String, Uni<Void>> change) {
    var changed = change.apply(key(user));
    return upcoming(user).map(key -> changed.chain(() -> change.apply(key))).orElse(changed);
  }

  private static List<Entry> entries(List<Part> parts) {
    return parts.stream()
        .flatMap(part -> part.content().entries().stream())
        .distinct()
        .sorted(Comparator.comparing(Entry::expiresAt))
        .toList();
  }

  private Optional<String> unionid(UserId user, List<Part> parts) {
    return parts.stream()
        .flatMap(
            part ->
                part
                    .content()
                    .unionid()
                    .flatMap(id -> unseal(user, Purpose.UNIONID, part.key(), id))
                    .stream())
        .findFirst();
  }

  private Optional<String> unseal(UserId user, Purpose purpose, String key, byte[] value) {
    return seals
        .unseal(purpose, key, value)
        .filter(unsealed -> unsealed.appid().equals(user.appid()))
        .map(unsealed -> new String(unsealed.plaintext(), UTF_8));
  }

  private byte[] seal(UserId user, String key, Purpose purpose, String text) {
    return seals.seal(user.appid(), purpose, key, text.getBytes(UTF_8));
  }

  private String key(UserId user) {
    return key(seals.userHash(user.appid(), user.openid()));
  }

  private Optional<String> upcoming(UserId user) {
    return seals.upcomingUserHash(user.appid(), user.openid()).map(RedisUsers::key);
  }

  private static String key(String name) {
    return "ml:u:" + name;
  }
}
