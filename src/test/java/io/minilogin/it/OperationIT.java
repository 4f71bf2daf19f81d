package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.minilogin.it.SharedService.Shared;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators find health and metrics on a port of their own, and each request in the log. */
@ExtendWith(SharedService.class)
class OperationIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final ServiceProcess service;

  OperationIT(Shared shared) {
    this.service = shared.service();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/q/health",
        "/q/health/started",
        "/q/health/live",
        "/q/health/ready",
        "/q/metrics"
      })
  void healthAndMetricsAreOnTheManagementPortOnly(String path) {
    service.client().manage(path).then().statusCode(200);
    service.client().request().get(path).then().spec(problem("not-found", 404, "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/login", "/session", "/sessions"})
  void trafficIsNotOnTheManagementPort(String path) {
    service.client().manage(path).then().statusCode(404);
  }

  @Test
  void loginsAndRedisAreMeasured() {
    service.client().tokenFor(code());
    service.client().login(code("errcode=40029"));
    service.client().login(code("close"));
    assertThat(service.client().metrics())
        .containsPattern(count("mini_login_logins_total", "success"))
        .containsPattern(count("mini_login_logins_total", "code-invalid"))
        .containsPattern(count("mini_login_logins_total", "wechat-failed"))
        .containsPattern("mini_login_redis_batches_seconds_count [1-9]");
  }

  @Test
  void theLogIsJsonLineByLine() {
    assertThat(service.lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(JsonPath.from(line).getMap("$")).containsKey("message"));
  }

  @Test
  void theTraceIdOfTheCallerIsInTheProblemAndInTheLog() {
    loginWithTraceparent("00-" + TRACE + "-b7ad6b7169203331-01", code("errcode=41008"))
        .then()
        .spec(problem("internal", 500, "none"))
        .body("trace_id", equalTo(TRACE));
    await()
        .untilAsserted(
            () ->
                assertThat(service.lines())
                    .extracting(JsonPath::from)
                    .filteredOn(
                        line -> TRACE.equals(line.<Map<String, String>>get("mdc").get("trace_id")))
                    .extracting(line -> line.getString("level"))
                    .isEqualTo(List.of("ERROR")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "{\"a\":\"b\"}"
      })
  void anInvalidTraceparentIsReplaced(String traceparent) {
    loginWithTraceparent(traceparent, code("errcode=40029"))
        .then()
        .body("trace_id", matchesPattern("(?!0{32}|" + TRACE + ")[0-9a-f]{32}"));
  }

  private Response loginWithTraceparent(String traceparent, String code) {
    return service
        .client()
        .request()
        .header("traceparent", traceparent)
        .contentType("application/json")
        .body(Map.of("code", code))
        .post("/login");
  }

  private static String count(String metric, String outcome) {
    return metric + "\\{app=\"wx1111111111111111\",outcome=\"" + outcome + "\"\\} [1-9]";
  }
}
