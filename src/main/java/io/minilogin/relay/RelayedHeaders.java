package io.minilogin.relay;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The headers that are forwarded: headers of the body except {@code Content-Length} and {@code
 * Content-Location}, and WeChat's own.
 */
final class RelayedHeaders {
  private RelayedHeaders() {}

  /** Copies the headers that are forwarded and whose value passes the test. */
  static void copy(MultiMap from, MultiMap to, Predicate<String> isAllowed) {
    for (var header : from) {
      if (isRelayed(header.getKey().toLowerCase(Locale.ROOT))
          && isAllowed.test(header.getValue())) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  private static boolean isRelayed(String name) {
    return name.startsWith("wechatmp-")
        || (name.startsWith("content-")
            && !name.equals("content-length")
            && !name.equals("content-location"));
  }
}
