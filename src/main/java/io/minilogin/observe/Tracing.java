package io.minilogin.observe;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.quarkus.opentelemetry.runtime.OpenTelemetryUtil;
import io.quarkus.opentelemetry.runtime.QuarkusContextStorage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Creates spans. While tracing is off, and for requests that are not sampled, the spans record
 * nothing.
 */
@Singleton
public class Tracing {
  private final boolean isOn;
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /** Turns tracing on unless the OpenTelemetry SDK is disabled. */
  public Tracing(
      OpenTelemetry telemetry, @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean isOff) {
    isOn = !isOff;
    tracer = telemetry.getTracer("io.minilogin");
    propagator = telemetry.getPropagators().getTextMapPropagator();
  }

  public boolean isOn() {
    return isOn;
  }

  /**
   * Starts the span of a request in the trace that its headers name. It is the current span until
   * the request's context ends.
   *
   * @param name a name of low cardinality
   */
  public Span request(String name, MultiMap headers) {
    if (!isOn) {
      return Span.getInvalid();
    }
    var span =
        tracer
            .spanBuilder(name)
            .setSpanKind(SpanKind.SERVER)
            .setParent(propagator.extract(Context.root(), headers, HeaderGetter.INSTANCE))
            .startSpan();
    var here = Vertx.currentContext();
    QuarkusContextStorage.INSTANCE.attach(here, Context.root().with(span));
    // Log lines already name the trace, as problems do.
    OpenTelemetryUtil.clearMDCData(here);
    return span;
  }

  /**
   * Returns the parent for spans of calls: the current request, or the root if there is no request.
   */
  public Context current() {
    return isOn ? Context.current() : Context.root();
  }

  /**
   * Traces a call that is made for the current request, with its outcome.
   *
   * @param name a name of low cardinality
   * @param peer the called server
   * @param call makes the call in its span
   * @param outcome returns the outcome of a call that did not fail
   */
  public <T> Uni<T> traced(
      String name,
      String peer,
      String appid,
      Function<Span, Uni<T>> call,
      Function<T, String> outcome) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var span =
                  call(name, current())
                      .setAttribute("peer.service", peer)
                      .setAttribute("mini_login.app", appid);
              return call.apply(span)
                  .invoke(done -> note(span, outcome.apply(done)))
                  .onFailure()
                  .invoke(failure -> note(span, Outcomes.of(failure)))
                  .onTermination()
                  .invoke(span::end);
            });
  }

  private static void note(Span span, String outcome) {
    span.setAttribute("mini_login.outcome", outcome);
    if (!outcome.equals(Outcomes.SUCCESS)) {
      fail(span, outcome);
    }
  }

  /**
   * Starts the span of a call that is made for a request.
   *
   * @param name a name of low cardinality
   * @param request the result of {@link #current()} in this request
   */
  public Span call(String name, Context request) {
    return Span.fromContext(request).isRecording()
        ? tracer.spanBuilder(name).setSpanKind(SpanKind.CLIENT).setParent(request).startSpan()
        : Span.getInvalid();
  }

  /**
   * Returns the {@code traceparent} header for a request that is made in this span. If the span is
   * not recorded, the header has the trace id of the current request and asks for no recording.
   */
  public static String traceparent(Span span) {
    var context = span.getSpanContext();
    return context.isValid()
        ? "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        : "00-%s-%s-00".formatted(TraceId.currentOrRandom(), TraceId.random(8));
  }

  /** Marks the span as failed. The kind must have low cardinality. */
  public static void fail(Span span, String kind) {
    span.setStatus(StatusCode.ERROR).setAttribute("error.type", kind);
  }

  private enum HeaderGetter implements TextMapGetter<MultiMap> {
    INSTANCE;

    @Override
    public Iterable<String> keys(MultiMap headers) {
      return headers.names();
    }

    @Override
    public @Nullable String get(@Nullable MultiMap headers, String name) {
      return headers == null ? null : headers.get(name);
    }
  }
}
