package io.minilogin.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.SAME_THREAD;

import io.minilogin.RedisAndWechat;
import io.minilogin.async.Deadlines;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.UniEmitter;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

@QuarkusTest
@Execution(SAME_THREAD)
@WithTestResource(RedisAndWechat.class)
class RedisLockTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @Inject RedisLock lock;
  @Inject RedisDump dump;

  /** A key that only this test uses. */
  private final String key = "ml:l:" + UUID.randomUUID();

  @Test
  void lockIsReleasedAfterTheWork() {
    assertThat(run(lock.locked(key, () -> item("done"), RedisLockTest::nothing))).isEqualTo("done");
    assertThat(dump.keys(key)).isEmpty();
  }

  @Test
  void failedWorkReleasesTheLock() {
    var failing =
        lock.<String>locked(
            key,
            () -> Uni.createFrom().failure(new IllegalStateException()),
            RedisLockTest::nothing);
    assertThatThrownBy(() -> run(failing)).isInstanceOf(IllegalStateException.class);
    assertThat(dump.keys(key)).isEmpty();
  }

  @Test
  void abandonedLockExpires() {
    dump.run("SET", key, "an owner that died", "PX", "200");
    assertThat(run(lock.locked(key, () -> item("done"), RedisLockTest::nothing))).isEqualTo("done");
  }

  @Test
  void heldLockHasATimeToLive() {
    var timeToLive = new AtomicReference<Long>();
    run(
        lock.locked(
            key,
            () ->
                Uni.createFrom()
                    .item(() -> dump.timeToLive(key))
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                    .invoke(timeToLive::set),
            RedisLockTest::nothing));
    assertThat(timeToLive.get()).isBetween(1L, Deadlines.LOCK.toMillis());
  }

  @Test
  void waitingCallerTakesTheResultOfTheOwner() {
    var held = hold();
    var asked = new AtomicInteger();
    var second =
        lock.locked(
            key,
            () -> item("done twice"),
            () -> item(Optional.of("theirs").filter(t -> asked.incrementAndGet() > 2)));
    assertThat(run(second)).isEqualTo("theirs");
    held.work().complete("first");
    assertThat(run(held.outcome())).isEqualTo("first");
  }

  @Test
  void waitingCallerDoesTheWorkWhenTheOwnerHasNoResult() {
    var held = hold();
    var second =
        lock.locked(
            key,
            () -> item("second"),
            () -> {
              held.work().complete("first");
              return nothing();
            });
    assertThat(run(second)).isEqualTo("second");
    assertThat(run(held.outcome())).isEqualTo("first");
  }

  @Test
  void lockOfAnotherOwnerIsNotReleased() {
    var stolen =
        lock.locked(
            key,
            () ->
                Uni.createFrom()
                    .item(() -> dump.run("SET", key, "the next owner", "PX", "60000"))
                    .runSubscriptionOn(Infrastructure.getDefaultWorkerPool()),
            RedisLockTest::nothing);
    run(stolen);
    assertThat(dump.keys(key)).hasSize(1);
    dump.run("DEL", key);
  }

  /** Work that continues until the test completes it. */
  private record Held(UniEmitter<? super String> work, CompletableFuture<String> outcome) {}

  private Held hold() {
    var work = new CompletableFuture<UniEmitter<? super String>>();
    var outcome =
        lock.<String>locked(
                key, () -> Uni.createFrom().<String>emitter(work::complete), RedisLockTest::nothing)
            .subscribeAsCompletionStage();
    return new Held(run(work), outcome);
  }

  private static <T> T run(Uni<T> uni) {
    return uni.await().atMost(LONG);
  }

  private static <T> T run(CompletableFuture<T> stage) {
    return run(Uni.createFrom().completionStage(stage));
  }

  private static <T> Uni<T> item(T item) {
    return Uni.createFrom().item(item);
  }

  private static <T> Uni<Optional<T>> nothing() {
    return item(Optional.empty());
  }
}
