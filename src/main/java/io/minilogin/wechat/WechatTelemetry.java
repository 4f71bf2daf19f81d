package io.minilogin.wechat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.observe.Outcomes;
import io.minilogin.observe.Tracing;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.opentelemetry.api.trace.Span;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reports calls to WeChat to operators: failures in the log, limits in metrics, and spans. */
@Singleton
public class WechatTelemetry {
  private final MeterRegistry registry;
  private final CircuitBreakerMaintenance breakers;
  private final Incidents incidents;
  private final Tracing tracing;

  WechatTelemetry(
      MeterRegistry registry,
      CircuitBreakerMaintenance breakers,
      Incidents incidents,
      Tracing tracing) {
    this.registry = registry;
    this.breakers = breakers;
    this.incidents = incidents;
    this.tracing = tracing;
  }

  /** Calls that share a circuit breaker and a limit on concurrent calls. */
  public static final class Kind {
    private final AtomicInteger active = new AtomicInteger();

    private Kind() {}

    /** Counts the call as active until it ends. */
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
   * Registers the metrics of a kind of call.
   *
   * @param call the value of the label {@code call}
   * @param app the appid, or "all"
   * @param client the client that makes the calls, or "none" for the service's own calls
   * @param breaker the name of the circuit breaker
   * @param limit the limit on concurrent calls
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

  /** Traces a call for this app, with its outcome, as part of the current request. */
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
   * Logs a call for this app that WeChat refused, unless the reason is the caller's code or user.
   * Unknown errcodes are always logged.
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

  /** Logs that WeChat returned the old access token although a new token was requested. */
  public void gaveNoOtherToken(String appid) {
    refused(appid, WechatCalls.STABLE_TOKEN, Refused.of(Refusal.NO_OTHER_TOKEN));
  }

  /** Logs a call for this app that was not sent or not answered, and returns the reason. */
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
