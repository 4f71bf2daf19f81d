package io.minilogin.http;

import io.opentelemetry.api.trace.Span;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The trace id of a request: the one of its {@code traceparent} header, else a random one. So it is
 * with tracing as without. Log lines carry it in their MDC and problems show it, both as {@value
 * #NAME}. Most requests need none, so it is found out when it is first asked for.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
final class TraceId {
  static final String HEADER = "traceparent";

  private static final String NAME = "trace_id";
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final MultiMap headers;
  private @Nullable String text;

  private TraceId(MultiMap headers) {
    this.headers = headers;
  }

  /** Gives the request its trace id: that of its span, if it has one. */
  static void begin(HttpServerRequest request, Span span) {
    var context = span.getSpanContext();
    MDC.put(NAME, context.isValid() ? context.getTraceId() : new TraceId(request.headers()));
  }

  /** The trace id of the request under way, if there is one. */
  static Optional<String> current() {
    return Optional.ofNullable(MDC.get(NAME)).map(Object::toString);
  }

  /** Returns the trace id of a {@code traceparent} header, else a random one. */
  static String of(@Nullable String traceparent) {
    var parent = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    return parent.matches() ? parent.group(1) : random();
  }

  private static String random() {
    var bytes = new byte[16];
    // Ids need to be distinct, not secret.
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public synchronized String toString() {
    if (text == null) {
      text = of(headers.get(HEADER));
    }
    return text;
  }
}
