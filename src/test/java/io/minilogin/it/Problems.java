package io.minilogin.it;

import static org.hamcrest.Matchers.emptyOrNullString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.restassured.builder.ResponseSpecBuilder;
import io.restassured.specification.ResponseSpecification;

/** Expected problem responses (RFC 9457). */
final class Problems {
  private Problems() {}

  /** Expects a complete problem with this name that caches must not store. */
  static ResponseSpecification problem(String name, int status, String action) {
    return new ResponseSpecBuilder()
        .expectStatusCode(status)
        .expectHeader("Content-Type", equalTo("application/problem+json"))
        .expectHeader("Cache-Control", equalTo("no-store"))
        .expectBody("type", equalTo("urn:mini-login:problem:" + name))
        .expectBody("title", not(emptyOrNullString()))
        .expectBody("status", equalTo(status))
        .expectBody("detail", not(emptyOrNullString()))
        .expectBody("action", equalTo(action))
        .expectBody("trace_id", matchesPattern("[0-9a-f]{32}"))
        .build();
  }

  /**
   * Expects a problem with this name and action. For the action to retry, a Retry-After is
   * required.
   */
  static ResponseSpecification named(String name, String action) {
    var named =
        new ResponseSpecBuilder()
            .expectBody("type", equalTo("urn:mini-login:problem:" + name))
            .expectBody("action", equalTo(action));
    return action.equals("retry")
        ? named.expectHeader("Retry-After", matchesPattern("[1-9][0-9]*")).build()
        : named.build();
  }

  /** Expects a problem as {@link #problem} does, with a Retry-After in seconds. */
  static ResponseSpecification problemForNow(String name, int status, String action) {
    return new ResponseSpecBuilder()
        .addResponseSpecification(problem(name, status, action))
        .expectHeader("Retry-After", matchesPattern("[1-9][0-9]*"))
        .build();
  }

  static ResponseSpecification tokenInvalid() {
    return new ResponseSpecBuilder()
        .addResponseSpecification(problem("token-invalid", 401, "login"))
        .expectHeader(
            "WWW-Authenticate", equalTo("Bearer realm=\"mini-login\", error=\"invalid_token\""))
        .build();
  }

  static ResponseSpecification clientUnauthorized() {
    return new ResponseSpecBuilder()
        .addResponseSpecification(problem("client-unauthorized", 401, "none"))
        .expectHeader("WWW-Authenticate", equalTo("Basic realm=\"mini-login\", charset=\"UTF-8\""))
        .expectBody("error", equalTo("invalid_client"))
        .build();
  }

  static ResponseSpecification storeUnavailable() {
    return problemForNow("store-unavailable", 503, "retry");
  }
}
