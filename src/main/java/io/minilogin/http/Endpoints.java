package io.minilogin.http;

import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The paths of the resources and of {@code PushRoute}, with their methods and media types, which
 * JAX-RS does not pass to its exception mappers. A test compares them with the OpenAPI document.
 */
enum Endpoints {
  LOGIN("/login", MediaType.APPLICATION_JSON, Map.of("POST", "login")),
  SESSION(
      "/session",
      MediaType.APPLICATION_JSON,
      Map.of("GET", "session", "HEAD", "session", "DELETE", "logout")),
  SESSIONS("/sessions", MediaType.APPLICATION_JSON, Map.of("DELETE", "logout-everywhere")),
  OPEN_DATA("/session/open-data", MediaType.APPLICATION_JSON, Map.of("POST", "open-data")),
  PHONE_NUMBER("/session/phone-number", MediaType.APPLICATION_JSON, Map.of("POST", "phone-number")),
  KEY_CHECK("/session/key/check", MediaType.APPLICATION_JSON, Map.of("POST", "check-session-key")),
  KEY_RESET("/session/key/reset", MediaType.APPLICATION_JSON, Map.of("POST", "reset-session-key")),
  INTROSPECT("/introspect", MediaType.APPLICATION_FORM_URLENCODED, Map.of("POST", "introspect")),
  REVOKE("/revoke", MediaType.APPLICATION_FORM_URLENCODED, Map.of("POST", "revoke")),
  PUSH(
      "/push/[^/]+",
      MediaType.APPLICATION_JSON,
      Map.of("GET", "push-url-check", "HEAD", "push-url-check", "POST", "push")),
  USERS(
      "/users/.+/sessions",
      MediaType.APPLICATION_JSON,
      Map.of("GET", "user-sessions", "HEAD", "user-sessions", "DELETE", "end-user-sessions")),
  BLOCK(
      "/users/.+/block",
      MediaType.APPLICATION_JSON,
      Map.of(
          "GET",
          "user-block",
          "HEAD",
          "user-block",
          "PUT",
          "block-user",
          "DELETE",
          "unblock-user")),
  SIGNATURE("/users/.+/signature", MediaType.APPLICATION_JSON, Map.of("POST", "sign"), 128 * 1024);

  /** Paths that exist only if clients are configured. */
  static final List<String> FOR_CLIENTS = List.of("/introspect*", "/revoke*", "/users*");

  private final Pattern path;
  private final String bodyType;

  /** Names of the operations by HTTP method. */
  private final Map<String, String> operations;

  private final int largestOfClients;

  Endpoints(String path, String bodyType, Map<String, String> operations) {
    this(path, bodyType, operations, 0);
  }

  /**
   * @param largestOfClients the size limit of bodies that clients send, in bytes, if it is larger
   *     than the usual limit
   */
  Endpoints(String path, String bodyType, Map<String, String> operations, int largestOfClients) {
    this.path = Pattern.compile(path + "/?");
    this.bodyType = bodyType;
    this.operations = operations;
    this.largestOfClients = largestOfClients;
  }

  /**
   * Returns the value of the Allow header, which a 405 must have (RFC 9110 section 15.5.6). Empty
   * for an unknown path.
   */
  static String allow(String path) {
    return find(path)
        .map(
            endpoint ->
                Stream.of("GET", "HEAD", "POST", "PUT", "DELETE")
                        .filter(endpoint.operations::containsKey)
                        .collect(Collectors.joining(", "))
                    + ", OPTIONS")
        .orElse("");
  }

  /** Returns the media type of request bodies on this path. */
  static String bodyType(String path) {
    return find(path).map(endpoint -> endpoint.bodyType).orElse(MediaType.APPLICATION_JSON);
  }

  /**
   * Returns the size limit of bodies that clients send to this path, in bytes. 0 if the usual limit
   * applies. JSON escapes make data that are to be signed up to six times as large.
   */
  static int largestOfClients(String path) {
    return find(path).map(endpoint -> endpoint.largestOfClients).orElse(0);
  }

  /** Returns the name of the requested operation, as metrics show it. */
  static Optional<String> operation(String method, String path) {
    return find(path).map(endpoint -> endpoint.operations.get(method));
  }

  private static Optional<Endpoints> find(String path) {
    return Arrays.stream(values())
        .filter(endpoint -> endpoint.path.matcher(path).matches())
        .findFirst();
  }
}
