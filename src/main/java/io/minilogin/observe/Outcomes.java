package io.minilogin.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.minilogin.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Counts and times operations by their outcome: {@code success} or the name of the problem, which
 * is {@code internal} for a bug. Tags are pairs of a name and a value; values must have low
 * cardinality.
 */
@Singleton
public class Outcomes {
  public static final String SUCCESS = "success";

  static final String OUTCOME = "outcome";

  private static final Duration[] BUCKETS =
      IntStream.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 3000, 5000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;

  Outcomes(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Returns the outcome of work that failed with this exception. */
  public static String of(Throwable failure) {
    return ProblemException.typeOf(failure).metricName();
  }

  public Counter counter(String outcome, String name, String... tags) {
    return registry.counter(name, Tags.of(tags).and(OUTCOME, outcome));
  }

  public Timer timer(String outcome, String name, String... tags) {
    return registry.timer(name, Tags.of(tags).and(OUTCOME, outcome));
  }

  /** Counts the work when it ends. Work of a caller that disconnected is not counted. */
  public <T> Uni<T> counted(Uni<T> work, String name, String... tags) {
    return work.onItemOrFailure()
        .invoke(
            (done, failure) ->
                counter(failure == null ? SUCCESS : of(failure), name, tags).increment());
  }

  /**
   * Returns a timer whose histogram has buckets from a check of a token, 1 ms, to the longest that
   * a login may take, 5 s.
   */
  public static Timer.Builder latency(String name) {
    return Timer.builder(name).serviceLevelObjectives(BUCKETS);
  }

  /** Times work by its outcome, as a {@link #latency}. */
  public <T> Uni<T> timed(Uni<T> work, Function<T, String> outcome, String name, String... tags) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var start = Timer.start(registry);
              return work.invoke(
                  done ->
                      start.stop(
                          latency(name)
                              .tags(tags)
                              .tag(OUTCOME, outcome.apply(done))
                              .register(registry)));
            });
  }
}
