package io.minilogin.problem;

import java.util.Map;

/**
 * The methods of each path, for the Allow header that a 405 must have (RFC 9110 section 15.5.6):
 * JAX-RS knows them, but does not tell its exception mappers. A path that is missing here gets an
 * empty Allow, which a test notices.
 */
final class AllowedMethods {
  private static final Map<String, String> BY_PATH =
      Map.of(
          "/login", "POST, OPTIONS",
          "/session", "GET, HEAD, DELETE, OPTIONS",
          "/sessions", "DELETE, OPTIONS");

  private AllowedMethods() {}

  static String on(String path) {
    return BY_PATH.getOrDefault(path, "");
  }
}
