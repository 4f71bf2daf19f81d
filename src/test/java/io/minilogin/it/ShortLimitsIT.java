package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A session ends after the idle timeout without use, and always after its lifetime. The replay
 * window can be turned off.
 */
@Tag("long")
class ShortLimitsIT {
  private static final Duration IDLE = Duration.ofSeconds(2);
  private static final Duration LIFETIME = Duration.ofSeconds(6);
  // Tolerance for the difference between the clocks of test and service.
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(
          BackendClient.knownTo(surroundings.serviceOf(List.of(APP, OTHER_APP)))
              .with("SESSION_IDLE_TIMEOUT", "2S")
              .with("SESSION_LIFETIME", "6S")
              .with("LOGIN_REPLAY_WINDOW", "0")
              .with("WECHAT_LOGIN_TIMEOUT", "4S")
              .start());

  private static final Client client = service.client().of(APP);

  @Test
  void useProlongsASessionUpToItsLifetime() {
    var watch = Stopwatch.start();
    var token = client.tokenFor(code());
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(LIFETIME.plus(TOLERANCE))
        .until(() -> client.session(token).statusCode() != 200);
    assertThat(watch.elapsed()).isGreaterThanOrEqualTo(LIFETIME);
    client.session(token).then().spec(tokenInvalid());
  }

  @Test
  void idleSessionEnds() {
    try (var redis = new RedisConnection(surroundings.redis())) {
      var before = redis.keys("ml:s:*");
      var watch = Stopwatch.start();
      var token = client.tokenFor(code());
      assertThat(redis.keys("ml:s:*")).hasSizeGreaterThan(before.size());
      // A request to the service would count as a use.
      await().atMost(IDLE.plus(TOLERANCE)).until(() -> before.containsAll(redis.keys("ml:s:*")));
      assertThat(watch.elapsed()).isGreaterThanOrEqualTo(IDLE);
      client.session(token).then().spec(tokenInvalid());
    }
  }

  /** Only the user's own requests count as a use, even if the client may not see the session. */
  @Test
  void requestsOfClientsDoNotProlongASession() {
    var everyApp = new GatewayClient(client);
    var oneApp = new GatewayClient(client, GatewayClient.ONE_APP_ID);
    try (var redis = new RedisConnection(surroundings.redis())) {
      for (var app : List.of(APP, OTHER_APP)) {
        var token = service.client().of(app).tokenFor(code());
        var key = RedisConnection.sessionKey(token);
        var before = redis.get(key);
        await().until(() -> redis.timeToLive(key) < IDLE.toMillis() - 500);
        everyApp.introspect(token).then().body("active", equalTo(true));
        oneApp.introspect(token).then().body("active", equalTo(app.equals(APP)));
        if (app.equals(OTHER_APP)) {
          oneApp.revoke(token).then().statusCode(200);
        }
        assertThat(redis.get(key)).isEqualTo(before);
        var left = redis.timeToLive(key);
        assertThat(left).isLessThan(IDLE.toMillis() - 500);
        client.session(token).then().statusCode(200);
        assertThat(redis.timeToLive(key)).as("TTL after a use by its user").isGreaterThan(left);
      }
    }
  }

  /** With the default timeout this answer would be too late. */
  @Test
  void exchangeMayTakeAsLongAsTheLoginTimeout() {
    client.login(code("delay=3400")).then().statusCode(200);
  }

  @Test
  void repeatedCodeIsRefusedIfTheReplayWindowIsOff() {
    var code = code();
    var token = client.tokenFor(code);
    client.login(code).then().spec(problem("code-used", 400, "login"));
    client.session(token).then().statusCode(200);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void loginDeletesNoKey() {
    try (var redis = new RedisConnection(surroundings.redis())) {
      redis.send("CONFIG", "RESETSTAT");
      client.tokenFor(code());
      var commands = new String((byte[]) redis.send("INFO", "commandstats"), US_ASCII);
      assertThat(commands)
          .contains("cmdstat_set:")
          .doesNotContain("unlink")
          .doesNotContain("_del:");
    }
  }
}
