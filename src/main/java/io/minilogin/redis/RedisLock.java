package io.minilogin.redis;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A lock in Redis: one caller of all instances does a piece of work at a time. It spares work and
 * is no proof: a lock ends by itself after {@link Deadlines#LOCK}, also under a holder that is
 * slow, so what is done under it must do no harm when it is done twice.
 */
@Singleton
public class RedisLock {
  /**
   * May be sent twice by the same owner. KEYS: the lock. ARGV: owner, ms. What would live for
   * longer than a lock does is none.
   */
  private static final RedisScript ACQUIRE =
      new RedisScript(
          """
      local left = redis.call('PTTL', KEYS[1])
      if left == -1 or left > tonumber(ARGV[2]) then redis.call('DEL', KEYS[1]) end
      if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
        or redis.pcall('GET', KEYS[1]) == ARGV[1] then return 1 end
      return 0
      """);

  /** KEYS: the lock. ARGV: owner. */
  private static final RedisScript RELEASE =
      new RedisScript(
          """
      if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
      return 1
      """);

  private final RedisCommands redis;
  private final SecureRandom random;

  RedisLock(RedisCommands redis, SecureRandom random) {
    this.redis = redis;
    this.random = random;
  }

  /**
   * Does the work under the lock. While another caller holds it, asks every 50 ms whether that one
   * has a result, and takes that instead of doing the work.
   *
   * @param key of the lock in Redis
   */
  public <T> Uni<T> locked(
      String key, Supplier<Uni<T>> work, Supplier<Uni<Optional<T>>> meanwhile) {
    return Uni.createFrom()
        .item(random::nextLong)
        .flatMap(owner -> locked(key, owner, work, meanwhile));
  }

  private <T> Uni<T> locked(
      String key, long owner, Supplier<Uni<T>> work, Supplier<Uni<Optional<T>>> meanwhile) {
    return redis
        .send(ACQUIRE.on(key).arg(owner).arg(Deadlines.LOCK.toMillis()))
        .flatMap(
            acquired ->
                acquired.toInteger() == 1
                    ? holding(key, owner, work)
                    : meanwhile
                        .get()
                        .flatMap(
                            there ->
                                there
                                    .map(Uni.createFrom()::item)
                                    .orElseGet(
                                        () ->
                                            EventLoop.delay(Deadlines.POLL)
                                                .chain(
                                                    () -> locked(key, owner, work, meanwhile)))));
  }

  private <T> Uni<T> holding(String key, long owner, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(work::get)
        .onItemOrFailure()
        .call(
            (item, failure) ->
                redis
                    .send(RELEASE.on(key).arg(owner))
                    .replaceWithVoid()
                    // It ends by itself.
                    .onFailure()
                    .recoverWithNull());
  }
}
