package io.minilogin.async;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private final SingleFlight<String, Integer> flights = new SingleFlight<>();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicReference<UniEmitter<? super Integer>> work = new AtomicReference<>();

  private final Supplier<Uni<Integer>> counting =
      () -> {
        started.incrementAndGet();
        return Uni.createFrom().<Integer>emitter(work::set);
      };

  @Test
  void concurrentCallersShareTheResult() {
    var first = flights.join("key", counting).subscribeAsCompletionStage();
    var second = flights.join("key", counting).subscribeAsCompletionStage();
    assertThat(flights.isUnderWay("key")).isTrue();
    work.get().complete(1);
    assertThat(first.orTimeout(10, SECONDS).join()).isEqualTo(1);
    assertThat(second.orTimeout(10, SECONDS).join()).isEqualTo(1);
    assertThat(started).hasValue(1);
  }

  @Test
  void concurrentCallersShareAFailure() {
    var first = flights.join("key", counting).subscribeAsCompletionStage();
    var second = flights.join("key", counting).subscribeAsCompletionStage();
    work.get().fail(new IllegalStateException());
    assertThatThrownBy(first::join).isInstanceOf(CompletionException.class);
    assertThatThrownBy(second::join).isInstanceOf(CompletionException.class);
    assertThat(flights.isUnderWay("key")).isFalse();
  }

  @Test
  void completedWorkIsStartedAgain() {
    for (int i = 1; i <= 3; i++) {
      var done = flights.join("key", counting).subscribeAsCompletionStage();
      work.get().complete(i);
      assertThat(done.orTimeout(10, SECONDS).join()).isEqualTo(i);
      assertThat(flights.isUnderWay("key")).isFalse();
    }
    assertThat(started).hasValue(3);
  }

  @Test
  void otherKeysRunIndependently() {
    flights.join("key", counting).subscribeAsCompletionStage();
    assertThat(flights.join("other", () -> Uni.createFrom().item(2)).await().atMost(LONG))
        .isEqualTo(2);
    assertThat(flights.isUnderWay("key")).isTrue();
  }

  @Test
  void cancelledCallerDoesNotCancelTheWork() {
    var hungUp = flights.join("key", counting).subscribe().with(outcome -> {});
    var second = flights.join("key", counting).subscribeAsCompletionStage();
    hungUp.cancel();
    work.get().complete(1);
    assertThat(second.orTimeout(10, SECONDS).join()).isEqualTo(1);
  }
}
