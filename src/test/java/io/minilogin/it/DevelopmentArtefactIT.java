package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar that the first command of the README starts. It needs nothing else. */
@Tag("long")
@Tag("jar")
class DevelopmentArtefactIT {
  private static final Pattern VARIABLE = Pattern.compile("QUARKUS_\\w+_PORT");

  @RegisterExtension private final Started started = new Started();

  @Test
  void developmentJarNeedsNeitherRedisNorWechat() {
    var service = started.add(DevelopmentJar.service().start());
    var token = service.client().tokenFor("alice.1");
    service.client().session(token).then().body("appid", equalTo("wx0000000000000000"));
    given()
        .baseUri(service.traffic().toString())
        .get("/simulator/user-info?user=alice")
        .then()
        .statusCode(200)
        .body("errMsg", equalTo("getUserInfo:ok"));
    // Swagger UI reads the document from the port that it calls.
    given()
        .baseUri(service.traffic().toString())
        .accept("application/json")
        .get("/q/openapi?format=json")
        .then()
        .body("servers[0].url", equalTo("/"))
        .body("paths", hasKey("/wechat/wxa/msg_sec_check"));
    assertThat(service.traffic().getHost()).isEqualTo("127.0.0.1");
    await()
        .until(
            () ->
                service.lines().get(service.lines().size() - 1).contains("Open http://localhost:"));
    // Java's own log format takes two lines, with the method name in the first line.
    assertThat(service.lines()).noneMatch(line -> line.contains("printStartupTime"));
  }

  @Test
  void requestsOfOtherWebsitesChangeNothing() throws Exception {
    var service = started.add(DevelopmentJar.service().without("QUARKUS_HTTP_HOST").start());
    var host = service.traffic().getAuthority();
    var own = "Host: " + host + "\r\n";
    var paths = List.of("POST /development/switch/wechat-down", "POST /login");
    for (var path : paths) {
      for (var other :
          List.of(
              own + "Origin: https://evil.example\r\n",
              own + "Origin: null\r\n",
              own + "Origin: http://localhost:1\r\n",
              "Host: rebound.example:" + service.traffic().getPort() + "\r\n")) {
        var refusal = answer(service, path, other);
        assertThat(refusal.status()).as(path + other).isEqualTo(403);
        assertThat(refusal.body()).contains("QUARKUS_HTTP_HOST=0.0.0.0");
      }
    }
    var ourPage = own + "Origin: http://" + host + "\r\n";
    assertThat(answer(service, paths.get(0), ourPage).status()).isEqualTo(204);
    assertThat(
            answer(service, paths.get(1), own + "Origin: https://servicewechat.com\r\n").status())
        .isNotEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "true, false, QUARKUS_HTTP_PORT",
    "false, true, QUARKUS_MANAGEMENT_PORT",
    "true, true, QUARKUS_HTTP_PORT QUARKUS_MANAGEMENT_PORT"
  })
  void portsInUseAreOneLine(boolean isHttp, boolean isManagement, String variables)
      throws IOException {
    var loopback = InetAddress.getByName("127.0.0.1");
    try (var used = new ServerSocket(0, 1, loopback);
        var alsoUsed = new ServerSocket(0, 1, loopback)) {
      var http = isHttp ? used.getLocalPort() : 0;
      var management = isManagement ? alsoUsed.getLocalPort() : 0;
      var service =
          started.add(
              DevelopmentJar.service()
                  .with("QUARKUS_HTTP_PORT", String.valueOf(http))
                  .with("QUARKUS_MANAGEMENT_PORT", String.valueOf(management))
                  .launch());
      assertThat(service.awaitExit()).isEqualTo(1);
      assertThat(service.lines())
          .singleElement()
          .asString()
          .startsWith("mini-login does not start: port " + (isHttp ? http : management) + " ")
          .satisfies(
              line ->
                  assertThat(VARIABLE.matcher(line).results().map(MatchResult::group))
                      .containsExactly(variables.split(" ")));
    }
  }

  @Test
  void redisEndsWithAKilledProcess() throws IOException {
    var service = started.add(DevelopmentJar.service().start());
    var redis =
        ProcessHandle.of(service.pid())
            .orElseThrow()
            .children()
            .filter(child -> child.info().command().orElse("").contains("redis-server"))
            .findFirst()
            .orElseThrow();
    service.kill();
    await().until(() -> hasEnded(redis));
  }

  /** A process that nobody has waited for is a zombie: its command is no longer known. */
  private static boolean hasEnded(ProcessHandle process) {
    return !process.isAlive() || process.info().command().isEmpty();
  }

  private static RawHttp.Answer answer(ServiceProcess service, String line, String headers)
      throws IOException {
    var request = line + " HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n" + headers;
    return RawHttp.exchange(service.traffic(), request + "\r\n");
  }

  @Test
  void developmentJarTakesAppAndRedisFromTheEnvironment() {
    var surroundings = started.add(Surroundings.start());
    var service =
        started.add(
            DevelopmentJar.service()
                .with("WECHAT_APPID", APP.appid())
                .with("WECHAT_SECRET", APP.secret())
                .with("QUARKUS_REDIS_HOSTS", surroundings.redis().uri().toString())
                .start());
    var token = service.client().tokenFor("alice.1");
    service.client().session(token).then().body("appid", equalTo(APP.appid()));
    surroundings.expire(token);
    service.client().session(token).then().statusCode(401);
  }
}
