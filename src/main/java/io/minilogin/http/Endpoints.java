package io.minilogin.http;

import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The paths that resources have, with what JAX-RS knows and does not tell its exception mappers. A
 * test holds them against the OpenAPI document.
 */
enum Endpoints {
  LOGIN("/login", MediaType.APPLICATION_JSON, "POST"),
  SESSION("/session", MediaType.APPLICATION_JSON, "GET", "HEAD", "DELETE"),
  SESSIONS("/sessions", MediaType.APPLICATION_JSON, "DELETE"),
  OPEN_DATA("/session/(open-data|phone-number)", MediaType.APPLICATION_JSON, "POST"),
  SESSION_KEY("/session/key/(check|reset)", MediaType.APPLICATION_JSON, "POST"),
  TOKENS("/(introspect|revoke)", MediaType.APPLICATION_FORM_URLENCODED, "POST"),
  USERS("/users/.+/sessions", MediaType.APPLICATION_JSON, "GET", "HEAD", "DELETE");

  /** Of endpoints that there are only with clients. */
  static final List<String> FOR_CLIENTS = List.of("/introspect*", "/revoke*", "/users*");

  private final Pattern path;
  private final String bodyType;
  private final String allow;

  Endpoints(String path, String bodyType, String... methods) {
    this.path = Pattern.compile(path + "/?");
    this.bodyType = bodyType;
    this.allow = String.join(", ", methods) + ", OPTIONS";
  }

  /** For the Allow header that a 405 must have (RFC 9110 section 15.5.6). */
  static String allow(String path) {
    return on(path).map(endpoint -> endpoint.allow).orElse("");
  }

  /** The media type that bodies have there. */
  static String bodyType(String path) {
    return on(path).map(endpoint -> endpoint.bodyType).orElse(MediaType.APPLICATION_JSON);
  }

  private static Optional<Endpoints> on(String path) {
    return Arrays.stream(values())
        .filter(endpoint -> endpoint.path.matcher(path).matches())
        .findFirst();
  }
}
