package io.minilogin.wechat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.minilogin.settings.MachineDefaults;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Singleton;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Limits calls to WeChat. Each kind of call has its own circuit breaker and its own limit on
 * concurrent calls, so that one kind does not affect another: logins work while WeChat issues no
 * access tokens. 30 failures among the last 40 calls open the circuit breaker for 2 s.
 */
@Singleton
public class CallLimits {
  private static final int OTHER_CALLS = 128;

  /**
   * The service's own calls, and how many of them may be concurrent. The limits add up to {@link
   * MachineDefaults#MAX_OWN_CALLS}. The pool of {@code quarkus.rest-client.wechat} has that many
   * connections, or fewer if the limit on open files is low.
   */
  static final Map<String, Integer> OWN_CALLS =
      Map.of(
          WechatCalls.CODE2_SESSION, 512,
          WechatCalls.STABLE_TOKEN, OTHER_CALLS,
          WechatCalls.PHONE_NUMBER, OTHER_CALLS,
          WechatCalls.CHECK_SESSION, OTHER_CALLS,
          WechatCalls.RESET_SESSION_KEY, OTHER_CALLS);

  private final MeterRegistry registry;
  private final CircuitBreakerMaintenance breakers;
  private final Map<String, Limit> ownCalls = new HashMap<>();

  CallLimits(MeterRegistry registry, CircuitBreakerMaintenance breakers) {
    this.registry = registry;
    this.breakers = breakers;
    OWN_CALLS.forEach(
        (call, most) ->
            ownCalls.put(
                call,
                limit(
                    call,
                    Tags.of("app", "all", "call", call, "client", "none"),
                    most,
                    1,
                    failure -> !(failure instanceof BulkheadException))));
  }

  /** The limit of one kind of call. */
  public static final class Limit {
    private final Guard guard;
    private final AtomicInteger active = new AtomicInteger();

    private Limit(Guard guard) {
      this.guard = guard;
    }

    /**
     * Makes the call, now or when a running call ends. Fails with the exceptions of MicroProfile
     * Fault Tolerance if the queue is full or the circuit breaker is open.
     */
    public <T> Uni<T> apply(Supplier<Uni<T>> call) {
      return guard.get(() -> counted(call), new TypeLiteral<Uni<T>>() {});
    }

    private <T> Uni<T> counted(Supplier<Uni<T>> call) {
      return Uni.createFrom()
          .deferred(
              () -> {
                active.incrementAndGet();
                return call.get().onTermination().invoke(active::decrementAndGet);
              });
    }
  }

  /** Returns the limit of one of {@link #OWN_CALLS}. */
  Limit ofOwnCall(String call) {
    return Objects.requireNonNull(ownCalls.get(call));
  }

  /**
   * Creates the limit for the calls of a client for an app, with its metrics.
   *
   * @param most number of concurrent calls
   * @param waiting number of calls that wait in the queue
   * @param isFailure whether the circuit breaker counts the failure of a call
   */
  public Limit ofBackend(
      String appid, String client, int most, int waiting, Predicate<Throwable> isFailure) {
    var call = WechatRelay.CALLS;
    return limit(
        call + ":" + appid + ":" + client,
        Tags.of("app", appid, "call", call, "client", client),
        most,
        waiting,
        isFailure);
  }

  private Limit limit(
      String breaker, Tags tags, int most, int waiting, Predicate<Throwable> isFailure) {
    var limit =
        new Limit(
            Guard.create()
                .withBulkhead()
                .limit(most)
                .queueSize(waiting)
                .done()
                .withCircuitBreaker()
                .name(breaker)
                .requestVolumeThreshold(40)
                .failureRatio(0.75)
                .delay(2, ChronoUnit.SECONDS)
                .when(isFailure)
                .done()
                .build());
    gauge("calls.active", limit.active::get, tags);
    gauge("calls.limit", () -> most, tags);
    gauge(
        "circuit.open",
        () -> breakers.currentState(breaker) == CircuitBreakerState.CLOSED ? 0 : 1,
        tags);
    return limit;
  }

  private void gauge(String name, Supplier<Number> value, Tags tags) {
    Gauge.builder("mini_login.wechat." + name, value)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }
}
