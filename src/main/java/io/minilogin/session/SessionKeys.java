package io.minilogin.session;

import io.minilogin.app.Secret;
import io.minilogin.async.SingleFlight;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.redis.RedisLock;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.seal.Seals;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * WeChat's keys for a user of an app. WeChat knows one at a time, which a login on any device may
 * replace; what the user's client encrypted just before that still needs the one before.
 */
@Singleton
public class SessionKeys {
  /** When none of them is of use: the client must log in to make WeChat give another. */
  public static final Problem STALE =
      Problem.of(
          ProblemType.SESSION_KEY_STALE,
          "None of the user's session keys that are known here fits.");

  private final RedisUsers users;
  private final RedisLock lock;
  private final Seals seals;
  private final SingleFlight<String, Void> renewals = new SingleFlight<>();

  SessionKeys(RedisUsers users, RedisLock lock, Seals seals) {
    this.users = users;
    this.lock = lock;
    this.seals = seals;
  }

  /** The current one, then the one before it, as far as they are known: none, one or both. */
  public Uni<List<Secret>> find(UserId user) {
    return users.sessionKeys(user);
  }

  /**
   * Replaces the current one by the renewal's result. Each user has one renewal at a time, on all
   * instances; callers that come meanwhile share its result. A renewal goes on when its caller
   * hangs up: WeChat's new key must not get lost. Fails as the renewal does, and with {@link
   * #STALE} if no key is known.
   */
  public Uni<Void> renew(UserId user, Function<Secret, Uni<Secret>> renewal) {
    var name = seals.userHash(user.appid(), user.openid());
    return renewals.join(
        name,
        () ->
            find(user)
                .flatMap(
                    before ->
                        lock.locked(
                                "ml:l:k:" + name,
                                () -> find(user).flatMap(now -> renew(user, before, now, renewal)),
                                () -> find(user).map(now -> changed(before, now)))
                            .replaceWithVoid()));
  }

  private Uni<Secret> renew(
      UserId user, List<Secret> before, List<Secret> now, Function<Secret, Uni<Secret>> renewal) {
    if (now.isEmpty()) {
      return Uni.createFrom().failure(new ProblemException(STALE));
    }
    return changed(before, now)
        .map(Uni.createFrom()::item)
        .orElseGet(() -> renewal.apply(now.get(0)).call(next -> replace(user, now.get(0), next)));
  }

  /**
   * WeChat has the next one already: if it cannot be kept, only another login brings a good one.
   */
  private Uni<Void> replace(UserId user, Secret current, Secret next) {
    return users
        .replaceSessionKey(user, current, next)
        .onFailure()
        .transform(StoreUnavailableException::afterSending);
  }

  /** The current one if it has changed. */
  private static Optional<Secret> changed(List<Secret> before, List<Secret> now) {
    var was = before.stream().findFirst();
    return now.stream().findFirst().filter(current -> !was.equals(Optional.of(current)));
  }
}
