package io.minilogin.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/**
 * Gives every request a trace id: the one of its {@code traceparent} header, else a random one. Log
 * lines carry it in their MDC and problems show it, both as {@value #NAME}.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">W3C Trace Context</a>
 */
@Singleton
public class TraceId {
  private static final String NAME = "trace_id";
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int BEFORE_EVERYTHING = 10_000;

  /** The trace id of the request under way, if there is one. */
  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(NAME)).map(Object::toString);
  }

  /** Gives the request its trace id; for those that are answered before they pass here. */
  public static void begin(HttpServerRequest request) {
    var parent = Optional.ofNullable(request.getHeader("traceparent")).orElse("");
    var matcher = TRACEPARENT.matcher(parent);
    MDC.put(NAME, matcher.matches() ? matcher.group(1) : random());
  }

  void register(@Observes Filters filters) {
    filters.register(TraceId::put, BEFORE_EVERYTHING);
  }

  private static void put(RoutingContext request) {
    begin(request.request());
    request.next();
  }

  /** One that no request has. */
  public static String random() {
    var bytes = new byte[16];
    // Ids need to be distinct, not secret.
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
