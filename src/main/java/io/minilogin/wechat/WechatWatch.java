package io.minilogin.wechat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.minilogin.log.Fields;
import io.minilogin.log.Incidents;
import io.minilogin.metrics.Outcomes;
import io.minilogin.trace.Tracing;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.opentelemetry.api.trace.Span;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells operators how calls to WeChat fare: the log of what fails, metrics of their limits, spans.
 */
@Singleton
public class WechatWatch {
  private final MeterRegistry registry;
  private final CircuitBreakerMaintenance breakers;
  private final Incidents incidents;
  private final Tracing tracing;

  WechatWatch(
      MeterRegistry registry,
      CircuitBreakerMaintenance breakers,
      Incidents incidents,
      Tracing tracing) {
    this.registry = registry;
    this.breakers = breakers;
    this.incidents = incidents;
    this.tracing = tracing;
  }

  /** Calls that share a circuit breaker and a limit on those under way. */
  public static final class Kind {
    private final AtomicInteger active = new AtomicInteger();

    private Kind() {}

    /** Counts the call as under way until it ends. */
    public <T> Uni<T> counted(Supplier<Uni<T>> call) {
      return Uni.createFrom()
          .deferred(
              () -> {
                active.incrementAndGet();
                return call.get().onTermination().invoke(active::decrementAndGet);
              });
    }
  }

  /**
   * Shows a kind of call in metrics.
   *
   * @param call its name there
   * @param app whose calls they are, or "all"
   * @param client that asks for them, or "none" for the service's own
   * @param breaker the name of their circuit breaker
   * @param limit of calls under way
   */
  public Kind kind(String call, String app, String client, String breaker, int limit) {
    var kind = new Kind();
    var tags = Tags.of("app", app, "call", call, "client", client);
    gauge("calls.active", kind.active::get, tags);
    gauge("calls.limit", () -> limit, tags);
    gauge(
        "circuit.open",
        () -> breakers.currentState(breaker) == CircuitBreakerState.CLOSED ? 0 : 1,
        tags);
    return kind;
  }

  private void gauge(String name, Supplier<Number> value, Tags tags) {
    Gauge.builder("mini_login.wechat." + name, value)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /** Traces a call of this app's as part of the request that it is made for, with its outcome. */
  <T> Uni<T> traced(String appid, String call, Uni<T> made, Function<T, String> outcome) {
    if (!tracing.isOn()) {
      return made;
    }
    return Uni.createFrom()
        .deferred(
            () -> {
              var span =
                  tracing
                      .call(call, tracing.current())
                      .setAttribute("peer.service", "wechat")
                      .setAttribute("mini_login.app", appid);
              return made.onItem()
                  .invoke(done -> note(outcome.apply(done), span))
                  .onFailure()
                  .invoke(failure -> note(Outcomes.of(failure), span))
                  .onTermination()
                  .invoke(span::end);
            });
  }

  private static void note(String outcome, Span span) {
    span.setAttribute("mini_login.outcome", outcome);
    if (!outcome.equals(Outcomes.SUCCESS)) {
      Tracing.fail(span, outcome);
    }
  }

  /**
   * Logs a call of this app that WeChat refused, unless the reason is the caller's code or user. An
   * errcode that is not known is always logged.
   */
  public void refused(String appid, String call, Refused<?> refused) {
    var errcode = Errcode.of(refused);
    if (!refused.refusal().isUsual() || errcode.isUnknown()) {
      incidents.tell(
          errcode.advice(),
          kind(appid, call, refused.refusal()).and("errcode", refused.errcode()),
          Fields.none().and("rid", refused.rid()));
    }
  }

  /** Tells of an access token that WeChat gave again though it was asked for another one. */
  public void gaveNoOtherToken(String appid) {
    refused(appid, WechatCalls.STABLE_TOKEN, Refused.of(Refusal.NO_OTHER_TOKEN));
  }

  /** Tells of a call of this app's that was not made or not answered, and returns why. */
  public Refusal failed(String appid, String call, Throwable failure) {
    var refusal = WechatGateway.refusal(failure);
    incidents.tell(
        refusal == Refusal.UNREACHABLE
            ? "WeChat could not be reached: " + Unreachable.reason(failure)
            : refusal.problem().detail(),
        kind(appid, call, refusal));
    return refusal;
  }

  private static Fields kind(String appid, String call, Refusal refusal) {
    return Fields.of(refusal.problem().type()).and("app", appid).and("call", call);
  }
}
