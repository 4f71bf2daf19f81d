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
import org.junit.jupiter.api.Test;

/** An outage lets nobody in and logs nobody out. */
interface OutageContract {
  /** Connecting to mini-login and waiting for it, with what a loaded machine takes on top. */
  Duration DEADLINE = Duration.ofSeconds(6);

  Duration RECOVERY = Duration.ofSeconds(5);

  Stage stage();

  /** What a client gets while mini-login is away: an error in any case, more where it can be. */
  default void isFailure(Response response) {
    assertThat(response.statusCode()).isBetween(500, 599);
  }

  /** What a client understands. */
  static void asksToRetry(Response response) {
    response
        .then()
        .statusCode(503)
        .header("Content-Type", equalTo("application/problem+json"))
        .header("Retry-After", matchesPattern("[1-9][0-9]*"))
        .header("Cache-Control", equalTo("no-store"))
        .body("status", equalTo(503))
        .body("action", equalTo("retry"));
  }

  @Test
  default void aRedisThatIsAwayIsNoReasonToLogIn() {
    var token = stage().client().tokenFor(code());
    var path = Stage.path();
    try (var redis = Stopped.process(stage().surroundings().redis().pid())) {
      var response = stage().client().bearing(token).get(path);
      isProblem(response, "store-unavailable", 503, "retry");
      response.then().header("Retry-After", matchesPattern("[1-9][0-9]*"));
    }
    assertThat(stage().backend().saw(path)).isFalse();
    isLetInAgain(token);
  }

  @Test
  default void withoutMiniLoginNobodyGetsThrough() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().line().close();
    try {
      failsWithin(DEADLINE, token);
    } finally {
      stage().line().reopen();
    }
    isLetInAgain(token);
  }

  @Test
  default void aMiniLoginThatHangsIsNotWaitedForLong() {
    var token = stage().client().tokenFor(code());
    try (var service = Stopped.process(stage().service().pid())) {
      failsWithin(DEADLINE, token);
    }
    isLetInAgain(token);
  }

  @Test
  default void aMiniLoginThatWasStartedAgainIsFound() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().client().bearing(token).get(Stage.path()).then().statusCode(200);
    stage().line().endConnections();
    stage().client().bearing(token).get(Stage.path()).then().statusCode(200);
  }

  private void failsWithin(Duration deadline, String token) {
    var path = Stage.path();
    var start = System.nanoTime();
    var response = stage().client().bearing(token).get(path);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(deadline);
    isFailure(response);
    assertThat(stage().backend().saw(path)).isFalse();
  }

  private void isLetInAgain(String token) {
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
