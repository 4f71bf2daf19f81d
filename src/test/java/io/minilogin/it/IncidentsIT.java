package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log explains each incident in one line and records the actions of clients on sessions. */
@Tag("long")
@Order(1)
class IncidentsIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.addAll(GatewayClient.knownTo(surroundings.serviceOf(List.of(APP, OTHER_APP)))).get(0);
  private static final Client client = service.client();
  private static final GatewayClient gateway = new GatewayClient(client);

  @ParameterizedTest
  @CsvSource({
    "errcode=40125, app-misconfigured, 40125, check it",
    "errcode=40243, app-misconfigured, 40243, frozen",
    "errcode=40164, app-misconfigured, 40164, address",
    "errcode=45009, throttled, 45009, quota for the day",
    "errcode=45011, throttled, 45011, quota for a minute",
    "errcode=-1, wechat-busy, -1, system error",
    "errcode=99, wechat-failed, 99, no usable answer",
    "html, wechat-failed, , no usable answer",
    "delay=4000, wechat-timeout, , did not answer",
  })
  void refusalOfWechatIsLoggedOnce(String words, String problem, String errcode, String advice) {
    var app = client.of(OTHER_APP);
    Crowd.send(IntStream.range(0, 3).mapToObj(i -> Crowd.login(app, code(words))));
    var fields = new HashMap<>(Map.of("problem", problem, "app", OTHER_APP.appid()));
    fields.put("errcode", errcode);
    var line = onlyWarning(service, fields, advice);
    assertThat(line.getString("mdc.call")).isEqualTo("code2Session");
    assertThat(line.getString("mdc.rid") != null).isEqualTo(errcode != null);
    assertThat(line.getString("mdc.trace_id")).hasSize(32);
  }

  @ParameterizedTest
  @CsvSource({"errcode=40029", "errcode=40163", "errcode=40226"})
  void callerErrorIsNotLogged(String words) {
    client.login(code(words), APP.appid());
    assertThat(warnings(service))
        .noneMatch(line -> words.endsWith(String.valueOf(line.getString("mdc.errcode"))));
  }

  @ParameterizedTest
  @CsvSource({
    "http://no-such-host.invalid, its name cannot be resolved",
    "http://127.0.0.1:1, the connection was refused"
  })
  void unreachableWechatIsLogged(String url, String reason) {
    try (var lonely = surroundings.service().with("WECHAT_BASE_URL", url).start()) {
      lonely.client().login(code()).then().statusCode(502);
      onlyWarning(lonely, Map.of("problem", "wechat-failed", "app", APP.appid()), reason);
    }
  }

  @Test
  void garbageInRedisIsLogged() {
    var token = client.tokenFor(code(), APP.appid());
    try (var redis = new RedisConnection(surroundings.redis())) {
      redis.send("SET", RedisConnection.sessionKey(token), "garbage", "PX", "60000");
    }
    client.session(token).then().statusCode(401);
    onlyWarning(service, Map.of("purpose", "session"), "cannot be unsealed");
  }

  @Test
  void failedClientAuthenticationIsLogged() {
    client
        .request()
        .header("Authorization", GatewayClient.basic(GatewayClient.ID, "a guess"))
        .formParam("token", "x")
        .post("/introspect");
    client
        .request()
        .header("Authorization", GatewayClient.basic("nobody-we-know", "a guess"))
        .formParam("token", "x")
        .post("/introspect");
    onlyWarning(
        service,
        Map.of("problem", "client-unauthorized", "client", GatewayClient.ID),
        "its id or secret is wrong");
    assertThat(service.lines()).noneMatch(line -> line.contains("nobody-we-know"));
    assertThat(service.lines()).noneMatch(line -> line.contains("a guess"));
  }

  @Test
  void forbiddenClientRequestIsLogged() {
    var introspecting = new GatewayClient(client, GatewayClient.INTROSPECTING_ID);
    introspecting.revoke("x");
    introspecting.revoke("x");
    introspecting.sessions(APP.appid(), "an-openid");
    for (var word : List.of("revoke", "users")) {
      onlyWarning(
          service,
          Map.of("problem", "client-forbidden", "client", GatewayClient.INTROSPECTING_ID),
          "\"may\" does not list \"" + word + "\"");
    }
  }

  @Test
  void unknownAppIsLogged() {
    client.login(code(), "wx3333333333333333");
    client.login(code(), "wx3333333333333334");
    client.login(code());
    onlyWarning(
        service,
        Map.of("problem", "unknown-app", "app", "wx3333333333333333"),
        "names an app that is not configured");
    onlyWarning(service, Map.of("problem", "unknown-app"), "names no app");
    assertThat(service.lines()).noneMatch(line -> line.contains("wx3333333333333334"));
  }

  @Test
  void endingSessionsOfAUserIsRecorded() {
    var login = client.login(code(), APP.appid()).jsonPath();
    var openid = login.getString("openid");
    var id = gateway.sessions(APP.appid(), openid).jsonPath().getString("sessions[0].id");
    gateway.endSessions(APP.appid(), openid);
    var record = onlyRecordOf(id);
    assertThat(record.getString("mdc.client")).isEqualTo(GatewayClient.ID);
    assertThat(record.getString("mdc.app")).isEqualTo(APP.appid());
    assertThat(service.lines()).noneMatch(line -> line.contains(openid));
  }

  @Test
  void revocationIsRecorded() {
    var login = client.login(code(), APP.appid()).jsonPath();
    var id =
        gateway
            .sessions(APP.appid(), login.getString("openid"))
            .jsonPath()
            .getString("sessions[0].id");
    gateway.introspect(login.getString("access_token"));
    gateway.revoke(login.getString("access_token"));
    gateway.revoke(login.getString("access_token"));
    assertThat(onlyRecordOf(id).getString("mdc.client")).isEqualTo(GatewayClient.ID);
  }

  @Test
  void accessLogContainsNoUserData() {
    try (var logging =
        GatewayClient.knownTo(surroundings.service())
            .with("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "true")
            .start()) {
      var code = code();
      var login = logging.client().login(code).jsonPath();
      var openid = login.getString("openid");
      var token = login.getString("access_token");
      new GatewayClient(logging.client()).sessions(APP.appid(), openid);
      logging.client().bearing(token).get("/verify/a-path?q=a-query");
      logging
          .client()
          .request()
          .get("/wechat/cgi-bin/token?grant_type=client_credential&secret=" + GatewayClient.SECRET);
      await()
          .untilAsserted(
              () ->
                  assertThat(logging.lines())
                      .anyMatch(line -> line.contains("\"POST login 200 "))
                      .anyMatch(line -> line.contains("\"GET user-sessions 200 "))
                      .anyMatch(line -> line.contains("\"GET verify 200 "))
                      .anyMatch(line -> line.contains("\"GET wechat-api ")));
      assertThat(logging.lines())
          .noneMatch(line -> line.contains(openid))
          .noneMatch(line -> line.contains(token))
          .noneMatch(line -> line.contains(code))
          .noneMatch(line -> line.contains("a-query"))
          .noneMatch(line -> line.contains(GatewayClient.SECRET));
    }
    assertThat(service.lines()).noneMatch(line -> line.contains("\"POST login "));
  }

  private static JsonPath onlyWarning(
      ServiceProcess of, Map<String, String> fields, String message) {
    await().untilAsserted(() -> assertThat(warnings(of, fields, message)).hasSize(1));
    return warnings(of, fields, message).get(0);
  }

  private static List<JsonPath> warnings(
      ServiceProcess of, Map<String, String> fields, String message) {
    return warnings(of).stream()
        .filter(line -> line.getString("message").contains(message))
        .filter(
            line ->
                fields.entrySet().stream()
                    .allMatch(
                        field ->
                            Objects.equals(
                                line.getString("mdc." + field.getKey()), field.getValue())))
        .toList();
  }

  private static List<JsonPath> warnings(ServiceProcess of) {
    return of.lines().stream()
        .filter(line -> line.contains("WARN"))
        .map(JsonPath::from)
        .filter(line -> line.getString("level").equals("WARN"))
        .toList();
  }

  private static JsonPath onlyRecordOf(String id) {
    await()
        .untilAsserted(
            () -> assertThat(service.lines()).filteredOn(line -> line.contains(id)).hasSize(1));
    return service.lines().stream()
        .filter(line -> line.contains(id))
        .map(JsonPath::from)
        .findFirst()
        .orElseThrow();
  }
}
