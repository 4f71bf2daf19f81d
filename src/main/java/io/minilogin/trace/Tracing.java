package io.minilogin.trace;

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
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans. While tracing is off, and for requests that are not sampled, it gives out one that
 * records nothing.
 */
@Singleton
public class Tracing {
  private final boolean isOn;
  private final Tracer tracer;
  private final TextMapPropagator propagator;

  /** With whether it is off. */
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
   * Begins the span of a request, in the trace that its headers name. Until the request's context
   * ends, it is the current one there.
   *
   * @param name one of few
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
    // Log lines name the trace already, as problems do.
    OpenTelemetryUtil.clearMDCData(here);
    return span;
  }

  /**
   * What the span of a call has to be made with: the request that is under way, if there is one.
   */
  public Context current() {
    return isOn ? Context.current() : Context.root();
  }

  /**
   * Begins the span of a call that is made for a request.
   *
   * @param name one of few
   * @param request as {@link #current()} had it
   */
  public Span call(String name, Context request) {
    return Span.fromContext(request).isRecording()
        ? tracer.spanBuilder(name).setSpanKind(SpanKind.CLIENT).setParent(request).startSpan()
        : Span.getInvalid();
  }

  /** Marks what the span is of as failed, in a way of which there are few. */
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
