package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.storeUnavailable;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.Stopped;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * During an outage of Redis the service fails fast and loses no code and no session. It recovers
 * without help when Redis is back.
 */
@Tag("long")
@Tag("jar")
@Isolated("quickly is twice what the service waits")
class RedisFaultsIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final Duration FAST = Duration.ofSeconds(2);
  private static final Duration RECOVERY = Duration.ofSeconds(5);

  @TempDir private static Path data;
  @RegisterExtension private static final Started started = new Started();
  private static Surroundings surroundings;
  private static ServiceProcess service;

  @BeforeAll
  static void start() {
    surroundings =
        started.add(
            Surroundings.start(
                "--dir", data.toString(), "--appendonly", "yes", "--appendfsync", "always"));
    service = started.add(GatewayClient.knownTo(surroundings.service()).start());
  }

  @AfterEach
  void restoreRedis() {
    await().atMost(RECOVERY).until(() -> client().ready().statusCode() == 200);
  }

  @Test
  void serviceRecoversFromAHangingRedis() throws Exception {
    var stopped = new AtomicReference<Stopped>();
    withoutRedis(
        () -> stopped.set(Stopped.redis(surroundings.redis())), () -> stopped.get().close());
  }

  @Test
  void serviceRecoversFromAKilledRedis() throws Exception {
    withoutRedis(surroundings.redis()::kill, surroundings::restartRedis);
  }

  @Test
  void serviceRecoversFromARedisThatRequiresAPassword() throws Exception {
    withoutRedis(
        () -> configure("CONFIG SET requirepass secret", "CLIENT KILL TYPE normal"),
        () -> configure("AUTH secret", "CONFIG SET requirepass "));
  }

  @Test
  void serviceRecoversFromAReplicaWithoutMasterThatRefusesReads() throws Exception {
    // Such a Redis answers PING, so readiness does not detect it.
    withoutData(
        () -> configure("CONFIG SET replica-serve-stale-data no", "REPLICAOF 127.0.0.1 1"),
        () -> configure("REPLICAOF NO ONE", "CONFIG SET replica-serve-stale-data yes"));
  }

  @Test
  void readOnlyRedisStillServesSessions() throws Exception {
    withoutWrites(() -> configure("REPLICAOF 127.0.0.1 1"), () -> configure("REPLICAOF NO ONE"));
  }

  @Test
  void fullRedisStillServesSessions() throws Exception {
    withoutWrites(
        () -> configure("CONFIG SET maxmemory 1"), () -> configure("CONFIG SET maxmemory 0"));
  }

  @Test
  void unsavedSessionIsSavedWhenTheCodeIsPostedAgain() throws Exception {
    var code = code("delay=1500");
    var login = Crowd.send(Crowd.login(service, code));
    await().until(() -> surroundings.wechat().callsWith(code) == 1);
    try (var stopped = Stopped.redis(surroundings.redis())) {
      assertThat(login.join().statusCode()).isEqualTo(503);
      assertThat(login.join().body()).contains("urn:mini-login:problem:store-unavailable");
    }
    await().atMost(RECOVERY).until(() -> client().login(code).statusCode() == 200);
    client().session(client().tokenFor(code)).then().statusCode(200);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  /** Uses another service, because a service logs the warning only once in ten seconds. */
  @Test
  void warningOfACheckHasItsTraceIdAndProbesLogOneLine() {
    try (var fresh = surroundings.service().start()) {
      var token = fresh.client().tokenFor(code());
      try (var stopped = Stopped.redis(surroundings.redis())) {
        fresh
            .client()
            .bearing(token)
            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
            .get("/verify")
            .then()
            .spec(storeUnavailable())
            .body("trace_id", equalTo(TRACE));
        fresh.client().ready().then().statusCode(503);
        fresh.client().ready().then().statusCode(503);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(fresh.lines())
                      .filteredOn(line -> line.contains("Redis is not available"))
                      .extracting(line -> JsonPath.from(line).getString("mdc.trace_id"))
                      .containsExactly(TRACE));
      await().until(() -> fresh.client().ready().statusCode() == 200);
      await()
          .untilAsserted(
              () ->
                  assertThat(fresh.lines())
                      .extracting(line -> JsonPath.from(line).getString("message"))
                      .noneMatch(message -> message.contains("health down"))
                      .containsOnlyOnce("Not ready: Redis does not answer", "Redis answers again"));
    }
  }

  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  private void withoutRedis(Step leave, Step comeBack) throws Exception {
    withoutData(
        () -> {
          leave.take();
          client().ready().then().statusCode(503);
        },
        comeBack);
  }

  private void withoutData(Step leave, Step comeBack) throws Exception {
    var token = client().tokenFor(code());
    var code = code();
    try {
      leave.take();
      assertLoginFailsFast(code);
      assertReadFailsFast(token);
      assertLoginFailsFast(code);
      client().live().then().statusCode(200);
    } finally {
      comeBack.take();
    }
    assertRecovered(code, token);
  }

  private void withoutWrites(Step leave, Step comeBack) throws Exception {
    var token = client().tokenFor(code());
    var code = code();
    try {
      leave.take();
      assertLoginFailsFast(code);
      client().session(token).then().statusCode(200);
      client().live().then().statusCode(200);
    } finally {
      comeBack.take();
    }
    assertRecovered(code, token);
  }

  private static void assertLoginFailsFast(String code) {
    var watch = Stopwatch.start();
    client().login(code).then().spec(storeUnavailable());
    assertThat(watch.elapsed()).isLessThan(FAST);
    assertThat(surroundings.wechat().callsWith(code)).isZero();
  }

  private static void assertReadFailsFast(String token) {
    var watch = Stopwatch.start();
    client().session(token).then().spec(storeUnavailable());
    client().verify(token).then().spec(storeUnavailable());
    client().logout(token).then().spec(storeUnavailable());
    client().logoutEverywhere(token).then().spec(storeUnavailable());
    // A token with an invalid format needs no Redis.
    client().verify("x").then().statusCode(401);
    var gateway = new GatewayClient(client());
    gateway.introspect(token).then().spec(storeUnavailable());
    gateway.revoke(token).then().spec(storeUnavailable());
    gateway.sessions(APP.appid(), "an-openid").then().spec(storeUnavailable());
    gateway.endSessions(APP.appid(), "an-openid").then().spec(storeUnavailable());
    assertThat(watch.elapsed()).isLessThan(FAST.multipliedBy(8));
  }

  private static void assertRecovered(String code, String token) {
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              var status = client().session(token).statusCode();
              assertThat(status).as("nobody is logged out").isNotEqualTo(401);
              return status == 200 && client().login(code).statusCode() == 200;
            });
    client().session(client().tokenFor(code)).then().statusCode(200);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  private static void configure(String... commands) {
    try (var redis = new RedisConnection(surroundings.redis())) {
      for (var command : commands) {
        redis.send((Object[]) command.split(" ", -1));
      }
    }
  }

  private static Client client() {
    return service.client();
  }
}
