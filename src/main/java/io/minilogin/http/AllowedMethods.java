package io.minilogin.http;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The methods of each path, for the Allow header that a 405 must have (RFC 9110 section 15.5.6):
 * JAX-RS knows them, but does not tell its exception mappers. A path that is missing here gets an
 * empty Allow, which a test notices.
 */
final class AllowedMethods {
  private static final Map<Pattern, String> BY_PATH =
      Map.of(
          Pattern.compile("/(login|introspect|revoke)/?"), "POST, OPTIONS",
          Pattern.compile("/session/(open-data|phone-number|key/check|key/reset)/?"),
              "POST, OPTIONS",
          Pattern.compile("/session/?"), "GET, HEAD, DELETE, OPTIONS",
          Pattern.compile("/sessions/?"), "DELETE, OPTIONS",
          Pattern.compile("/users/.+/sessions/?"), "GET, HEAD, DELETE, OPTIONS");

  private AllowedMethods() {}

  static String on(String path) {
    return BY_PATH.entrySet().stream()
        .filter(known -> known.getKey().matcher(path).matches())
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
