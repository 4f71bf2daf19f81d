package io.minilogin.redis;

import io.minilogin.observe.Tracing;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The spans of a batch: one span in the trace of each request that the batch serves.
 *
 * @param byRequest the span of each request; empty while tracing is off
 */
record BatchSpans(Map<Context, Span> byRequest) {
  /** OpenTelemetry's name for a batch of several commands. */
  private static final String PIPELINE = "PIPELINE";

  private static final BatchSpans NONE = new BatchSpans(Map.of());

  static BatchSpans begin(Tracing tracing, List<PendingCommand> commands) {
    if (!tracing.isOn()) {
      return NONE;
    }
    var operation =
        commands.size() == 1
            ? commands.get(0).command().command().toString().toUpperCase(Locale.ROOT)
            : PIPELINE;
    return new BatchSpans(
        commands.stream()
            .map(PendingCommand::request)
            .distinct()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    request ->
                        tracing
                            .call(operation, request)
                            .setAttribute("db.system.name", "redis")
                            .setAttribute("db.operation.name", operation)
                            .setAttribute("db.operation.batch.size", commands.size()))));
  }

  /** Marks the span of this request as failed. */
  void fail(Context request, Throwable failure) {
    var span = byRequest.get(request);
    if (span != null) {
      Tracing.fail(span, RedisFailure.of(failure).metricName());
    }
  }

  void end() {
    byRequest.values().forEach(Span::end);
  }
}
