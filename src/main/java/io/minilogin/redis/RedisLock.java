package io.minilogin.redis;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A lock in Redis: among all instances, one caller does a piece of work at a time. The lock saves
 * work but guarantees nothing. It expires after {@link Deadlines#LOCK}, even under a slow holder,
 * so the work must be idempotent.
 */
@Startup
@Singleton
public class RedisLock {
  private static final RedisScript ACQUIRE = RedisScript.of("lock-acquire.lua");
  private static final RedisScript RELEASE = RedisScript.of("compare-and-delete.lua");

  private final RedisCommands redis;
  private final SecureRandom random;

  RedisLock(RedisCommands redis, SecureRandom random) {
    this.redis = redis;
    this.random = random;
  }

  /**
   * Does the work under the lock. While another caller holds the lock, checks every 50 ms whether
   * that caller has a result, and returns this result instead of doing the work.
   *
   * @param key the key of the lock in Redis
   * @param meanwhile finds the result of another caller
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
                    ? workAndRelease(key, owner, work)
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

  private <T> Uni<T> workAndRelease(String key, long owner, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(work::get)
        .onItemOrFailure()
        .call(
            (item, failure) ->
                redis
                    .send(RELEASE.on(key).arg(owner))
                    .replaceWithVoid()
                    // The lock expires by itself.
                    .onFailure()
                    .recoverWithNull());
  }
}
