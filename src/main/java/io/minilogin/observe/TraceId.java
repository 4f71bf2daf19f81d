package io.minilogin.observe;

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
 * The trace id of a request: the id in its {@code traceparent} header, or a random id if the header
 * is absent or malformed. Tracing may be on or off. Log lines carry the id in their MDC and
 * problems show it, both as {@value #NAME}. Most requests do not need it, so it is computed on
 * first use.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
public final class TraceId {
  public static final String HEADER = "traceparent";

  private static final String NAME = "trace_id";
  private static final int BYTES = 16;
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private final MultiMap headers;
  private @Nullable String text;

  private TraceId(MultiMap headers) {
    this.headers = headers;
  }

  /** Sets the request's trace id: the trace id of its span, if the span has one. */
  public static void begin(HttpServerRequest request, Span span) {
    var context = span.getSpanContext();
    MDC.put(NAME, context.isValid() ? context.getTraceId() : new TraceId(request.headers()));
  }

  /** Returns the trace id of the current request, if there is a request. */
  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(NAME)).map(Object::toString);
  }

  /** Returns the trace id of a {@code traceparent} header, or a random id. */
  public static String of(@Nullable String traceparent) {
    var parent = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
    return parent.matches() ? parent.group(1) : random(BYTES);
  }

  static String currentOrRandom() {
    return current().orElseGet(() -> random(BYTES));
  }

  /** Returns random bytes in hexadecimal. */
  static String random(int length) {
    var bytes = new byte[length];
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
