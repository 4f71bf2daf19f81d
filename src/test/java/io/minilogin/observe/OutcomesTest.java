package io.minilogin.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OutcomesTest {
  private static final Problem BUSY = Problem.of(ProblemType.WECHAT_BUSY, "Busy.");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Outcomes outcomes = new Outcomes(registry);

  @Test
  void successIsCounted() {
    await(outcomes.counted(Uni.createFrom().item(1), "work", "app", "wx1"));

    assertThat(count("success")).isEqualTo(1);
  }

  @Test
  void problemIsCountedByItsName() {
    assertFails(new ProblemException(BUSY));

    assertThat(count("wechat-busy")).isEqualTo(1);
  }

  @Test
  void bugIsCountedAsInternal() {
    assertFails(new IllegalStateException("a bug"));

    assertThat(count("internal")).isEqualTo(1);
  }

  @Test
  void timersAreTaggedWithTheOutcome() {
    await(outcomes.timed(Uni.createFrom().item(1), done -> "wechat-busy", "time"));
    await(outcomes.timed(Uni.createFrom().item(1), done -> "success", "time"));

    assertThat(registry.timer("time", "outcome", "wechat-busy").count()).isEqualTo(1);
    assertThat(registry.timer("time", "outcome", "success").count()).isEqualTo(1);
  }

  private void assertFails(RuntimeException failure) {
    var work = Uni.createFrom().<Integer>failure(failure);

    assertThatThrownBy(() -> await(outcomes.counted(work, "work", "app", "wx1"))).isSameAs(failure);
  }

  private double count(String outcome) {
    return registry.counter("work", "app", "wx1", "outcome", outcome).count();
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(5));
  }
}
