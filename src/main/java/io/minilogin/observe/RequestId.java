package io.minilogin.observe;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.MDC;

/**
 * The id that a gateway gives a request, in its {@code X-Request-Id} header. Log lines carry it in
 * their MDC and problems show it, both as {@value #NAME}. It is printable ASCII, at most {@value
 * #LONGEST} characters. Any other value, and a repeated header, is ignored.
 */
public final class RequestId {
  public static final CharSequence HEADER = HttpHeaders.createOptimized("X-Request-Id");

  private static final String NAME = "request_id";
  private static final int LONGEST = 128;

  private RequestId() {}

  /** Puts the request's id, if it is valid, into the MDC for log lines and problems. */
  public static void begin(MultiMap headers) {
    if (headers.contains(HEADER)) {
      of(headers.getAll(HEADER)).ifPresent(id -> MDC.put(NAME, id));
    }
  }

  /** Returns the id of the current request. */
  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(NAME)).map(Object::toString);
  }

  /** Returns the id from all values of the header, or empty if it is invalid or repeated. */
  public static Optional<String> of(List<String> values) {
    return values.size() == 1
        ? Optional.of(values.get(0)).filter(RequestId::isValid)
        : Optional.empty();
  }

  private static boolean isValid(String id) {
    return !id.isEmpty()
        && id.length() <= LONGEST
        && id.chars().allMatch(character -> character >= ' ' && character <= '~');
  }
}
