package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.gateway.RefusalContract.isProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.minilogin.Stopped;
import io.restassured.response.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** During an outage no request passes without a check, and nobody is logged out. */
interface OutageContract {
  /** The connect and read timeouts for mini-login, plus the delay of a loaded machine. */
  Duration DEADLINE = Duration.ofSeconds(6);

  /** The corresponding deadline for requests that are routed to mini-login. */
  Duration LOGIN_DEADLINE = Duration.ofSeconds(15);

  Duration RECOVERY = Duration.ofSeconds(5);

  Stage stage();

  /**
   * Returns the statuses that the gateway may send when mini-login takes too long for a login or a
   * session.
   */
  default List<Integer> statusesOfATimeout() {
    return List.of(503);
  }

  /** Expects an answer that clients understand as a request to retry. */
  static void asksToRetry(Response response) {
    asksToRetry(response, 503);
  }

  private static void asksToRetry(Response response, int status) {
    response
        .then()
        .statusCode(status)
        .header("Content-Type", equalTo("application/problem+json"))
        .header("Retry-After", matchesPattern("[1-9][0-9]*"))
        .header("Cache-Control", equalTo("no-store"))
        .body("status", equalTo(status))
        .body("action", equalTo("retry"));
  }

  @Test
  default void redisOutageDoesNotAskForALogin() {
    var token = stage().client().tokenFor(code());
    var path = Stage.path();
    try (var redis = Stopped.process(stage().surroundings().redis().pid())) {
      var response = stage().client().bearing(token).get(path);
      isProblem(response, "store-unavailable", 503, "retry");
      response.then().header("Retry-After", matchesPattern("[1-9][0-9]*"));
    }
    assertThat(stage().backend().saw(path)).isFalse();
    assertIsAcceptedAgain(token);
  }

  @Test
  default void requestsAreRefusedDuringAMiniLoginOutage() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().line().close();
    try {
      assertFailsWithin(DEADLINE, token);
    } finally {
      stage().line().reopen();
    }
    assertIsAcceptedAgain(token);
  }

  @Test
  default void loginsAndSessionsAreToBeRetriedAfterAMiniLoginOutage() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().line().close();
    try {
      asksToRetry(stage().client().login(code()));
      asksToRetry(stage().client().session(token));
      asksToRetry(stage().client().bearing(token).delete("/sessions"));
      asksToRetry(stage().client().bearing(token).post("/session/key/check"));
    } finally {
      stage().line().reopen();
    }
    // At once: no gateway marks mini-login as failed for a while.
    stage().client().login(code()).then().statusCode(200);
    stage().client().session(token).then().statusCode(200);
  }

  @Test
  default void hangingMiniLoginTimesOut() {
    var token = stage().client().tokenFor(code());
    var waiting = Executors.newFixedThreadPool(2);
    try (var service = Stopped.process(stage().service().pid())) {
      var login = waiting.submit(() -> stage().client().login(code()));
      var session = waiting.submit(() -> stage().client().session(token));
      assertFailsWithin(DEADLINE, token);
      for (var answer : List.of(login, session)) {
        var status = answer.get(LOGIN_DEADLINE.toSeconds(), TimeUnit.SECONDS).statusCode();
        assertThat(status).isIn(statusesOfATimeout());
        asksToRetry(answer.get(), status);
      }
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      waiting.shutdownNow();
    }
    assertIsAcceptedAgain(token);
  }

  @Test
  default void restartedMiniLoginIsUsedAgain() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().client().bearing(token).get(Stage.path()).then().statusCode(200);
    stage().line().endConnections();
    stage().client().bearing(token).get(Stage.path()).then().statusCode(200);
  }

  private void assertFailsWithin(Duration deadline, String token) {
    var path = Stage.path();
    var start = System.nanoTime();
    var response = stage().client().bearing(token).get(path);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(deadline);
    asksToRetry(response);
    assertThat(stage().backend().saw(path)).isFalse();
  }

  private void assertIsAcceptedAgain(String token) {
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              var status = stage().client().bearing(token).get(Stage.path()).statusCode();
              assertThat(status).as("nobody is logged out").isNotEqualTo(401);
              return status == 200;
            });
  }
}
