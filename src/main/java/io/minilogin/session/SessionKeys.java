package io.minilogin.session;

import io.minilogin.app.Secret;
import io.minilogin.async.SingleFlight;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.redis.RedisLock;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.session.RedisUsers.StoredKeys;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * WeChat's session keys of a user of an app. WeChat knows one session key at a time, and a login on
 * any device may replace it. Data that the user's client encrypted just before the login needs the
 * previous session key.
 */
@Singleton
public class SessionKeys {
  /**
   * The problem if no known session key is usable: the client must log in so that WeChat issues a
   * new session key.
   */
  public static final Problem STALE =
      Problem.of(
          ProblemType.SESSION_KEY_STALE,
          "None of the user's known session keys decrypts the data.");

  private final RedisUsers users;
  private final RedisLock lock;
  private final SingleFlight<String, Void> renewals = new SingleFlight<>();

  SessionKeys(RedisUsers users, RedisLock lock) {
    this.users = users;
    this.lock = lock;
  }

  /**
   * Returns the session key that was stored last. WeChat accepts no other session key. Reads Redis
   * each time. Empty if there is no session key, or if it cannot be unsealed.
   */
  public Uni<Optional<Secret>> current(UserId user) {
    return users.sessionKeys(user).map(StoredKeys::current);
  }

  /** Returns the current session key, then the previous one, as far as they are known. */
  public Uni<List<Secret>> find(UserId user) {
    return users.sessionKeys(user).map(StoredKeys::all);
  }

  /**
   * Replaces the current session key with the result of the renewal. Each user has one renewal at a
   * time on all instances; concurrent callers share its result. A renewal continues when its caller
   * disconnects, because WeChat's new session key must not get lost. Fails with the failure of the
   * renewal, and with {@link #STALE} if no session key is known.
   */
  public Uni<Void> renew(UserId user, Function<Secret, Uni<Secret>> renewal) {
    var name = user.hash();
    return renewals.join(
        name,
        () ->
            users
                .sessionKeys(user)
                .flatMap(
                    before ->
                        lock.locked(
                                "ml:l:k:" + name,
                                () ->
                                    users
                                        .sessionKeys(user)
                                        .flatMap(now -> renew(user, before, now, renewal)),
                                () -> users.sessionKeys(user).map(now -> changed(before, now)))
                            .replaceWithVoid()));
  }

  private Uni<Secret> renew(
      UserId user, StoredKeys before, StoredKeys now, Function<Secret, Uni<Secret>> renewal) {
    if (now.current().isEmpty()) {
      return Uni.createFrom().failure(new ProblemException(STALE));
    }
    return changed(before, now)
        .map(Uni.createFrom()::item)
        .orElseGet(() -> renewal.apply(now.current().get()).call(next -> replace(user, now, next)));
  }

  /**
   * Stores the new session key, which WeChat uses already. If this fails, only another login
   * returns a usable session key.
   */
  private Uni<Void> replace(UserId user, StoredKeys read, Secret next) {
    return users
        .replaceSessionKey(user, read, next)
        .onFailure()
        .transform(StoreUnavailableException::afterSending);
  }

  /** Returns the current session key if it has changed. */
  private static Optional<Secret> changed(StoredKeys before, StoredKeys now) {
    return now.current().filter(current -> !before.current().equals(Optional.of(current)));
  }
}
