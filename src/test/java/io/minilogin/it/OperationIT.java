package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.regex.Matcher.quoteReplacement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.ProjectVersion;
import io.minilogin.it.SharedService.Shared;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators find health and metrics on a separate port, and each request in the log. */
@ExtendWith(SharedService.class)
class OperationIT {
  /** Much faster than JsonPath, for all lines of the log. */
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private static final String REQUEST = "gateway-7f3a-41";

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
  void healthAndMetricsAreServedOnTheManagementPortOnly(String path) {
    service.client().manage(path).then().statusCode(200);
    service.client().request().get(path).then().spec(problem("not-found", 404, "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/login", "/session", "/sessions"})
  void managementPortDoesNotServeTraffic(String path) {
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
  void startLineAndMetricNameVersionAndCommit() throws IOException {
    var commit = commit();
    assertThat(service.lines())
        .anyMatch(
            line ->
                line.contains(
                    "This is version %s, built from commit %s"
                        .formatted(ProjectVersion.full(), commit)));
    assertThat(service.client().metrics())
        .containsPattern("mini_login_build_info\\{.*commit=\"" + commit + "\".* 1\\.0")
        .containsPattern("mini_login_build_info\\{.*version=\"" + ProjectVersion.full() + "\"");
  }

  /** Returns the commit that the build has noted. A build without a repository notes none. */
  private static String commit() throws IOException {
    var file = Path.of("target/classes/application-prod.properties");
    if (!Files.exists(file)) {
      return "unknown";
    }
    var noted = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      noted.load(reader);
    }
    assertThat(noted.getProperty("git.commit.id.abbrev")).matches("[0-9a-f]{7,}");
    return noted.getProperty("git.commit.id.abbrev");
  }

  @Test
  void everyLogLineIsJson() {
    assertThat(service.lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(JSON.readTree(line).has("message")).isTrue());
  }

  @Test
  void traceIdOfTheCallerIsInTheProblemAndInTheLog() {
    loginWithTraceparent("00-" + TRACE + "-b7ad6b7169203331-01", code("errcode=41008"))
        .then()
        .spec(problem("internal", 500, "none"))
        .body("trace_id", equalTo(TRACE));
    await()
        .untilAsserted(
            () ->
                assertThat(service.lines())
                    .filteredOn(line -> line.contains(TRACE))
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
  void invalidTraceparentIsReplaced(String traceparent) {
    loginWithTraceparent(traceparent, code("errcode=40029"))
        .then()
        .body("trace_id", matchesPattern("(?!0{32}|" + TRACE + ")[0-9a-f]{32}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 1\r\n\r\n{",
        "GET /session HTTP/1.1\r\n\r\n",
        "GET /nowhere HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n",
        "PUT /login HTTP/1.1\r\n\r\n",
        "GET /verify/x HTTP/1.1\r\n\r\n",
        "GET /wechat/wxa/x HTTP/1.1\r\n\r\n",
        "POST /login HTTP/1.1\r\nContent-Length: 20000\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\n\r\n",
        "POST /login HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST /login HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /session HTTP/1.1\r\nHost: y\r\n\r\n"
      })
  void everyProblemHasTheIdsOfTheRequest(String request) throws IOException {
    var id = REQUEST + "\\\"/ {}";
    var ids =
        "\r\nHost: x\r\nConnection: close\r\ntraceparent: "
            + ("00-" + TRACE + "-b7ad6b7169203331-01")
            + ("\r\nx-request-id: " + id + "\r\n");
    var answer =
        RawHttp.exchange(service.traffic(), request.replaceFirst("\r\n", quoteReplacement(ids)));
    var problem = JsonPath.from(answer.body());
    assertThat(problem.getString("request_id")).as(answer.text()).isEqualTo(id);
    assertThat(problem.getString("trace_id")).isEqualTo(TRACE);
  }

  @Test
  void requestIdOfTheCallerIsInTheLog() {
    loginWith("X-Request-Id", REQUEST, code("errcode=41008"))
        .then()
        .spec(problem("internal", 500, "none"))
        .body("request_id", equalTo(REQUEST));
    await()
        .untilAsserted(
            () ->
                assertThat(service.lines())
                    .filteredOn(line -> line.contains(REQUEST))
                    .extracting(JsonPath::from)
                    .filteredOn(line -> REQUEST.equals(line.getString("mdc.request_id")))
                    .extracting(line -> line.getString("level"))
                    .isEqualTo(List.of("ERROR")));
  }

  @Test
  void requestIdIsNotLoggedForLaterRequests() throws IOException {
    var anonymous = "GET /verify HTTP/1.1\r\nHost: x\r\n";
    try (var http = new RawHttp(service.traffic())) {
      http.send((anonymous + "X-Request-Id: " + REQUEST + "\r\n\r\n").getBytes(ISO_8859_1));
      http.send((anonymous + "Connection: close\r\n\r\n").getBytes(ISO_8859_1));
      assertThat(http.answer().text().split("HTTP/1.1 401", -1))
          .hasSize(3)
          .satisfies(
              answers -> {
                assertThat(answers[1]).contains("\"request_id\":\"" + REQUEST + "\"");
                assertThat(answers[2]).doesNotContain("request_id");
              });
    }
  }

  @ParameterizedTest
  @MethodSource
  void invalidRequestIdIsIgnored(String headers) throws IOException {
    var answer =
        RawHttp.exchange(service.traffic(), RawHttp.get("/session", headers.split("\r\n", -1)));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).contains("trace_id").doesNotContain("request_id");
  }

  static Stream<String> invalidRequestIdIsIgnored() {
    return Stream.of(
        "X-Request-Id:",
        "X-Request-Id: " + "x".repeat(129),
        "X-Request-Id: a\tb",
        "X-Request-Id: \u00e9",
        "X-Request-Id: a\r\nX-Request-Id: b");
  }

  @Test
  void requestIdOf128CharactersIsLogged() throws IOException {
    var id = "x".repeat(128);
    var answer =
        RawHttp.exchange(service.traffic(), RawHttp.get("/session", "X-Request-Id: " + id));
    assertThat(answer.body()).contains("\"request_id\":\"" + id + "\"");
  }

  private Response loginWithTraceparent(String traceparent, String code) {
    return loginWith("traceparent", traceparent, code);
  }

  private Response loginWith(String header, String value, String code) {
    return service
        .client()
        .request()
        .header(header, value)
        .contentType("application/json")
        .body(Map.of("code", code))
        .post("/login");
  }

  private static String count(String metric, String outcome) {
    return metric + "\\{app=\"wx1111111111111111\",outcome=\"" + outcome + "\"\\} [1-9]";
  }
}
