package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.storeUnavailable;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.Stopped;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a client does at one instance counts at all of them at once, and a Redis that is away is
 * never taken for a token that is not good.
 */
@Tag("long")
class GatewayInstancesIT {
  private static final Duration LIFETIME = Duration.ofSeconds(5);
  private static final Duration RECOVERY = Duration.ofSeconds(5);

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final List<ServiceProcess> services =
      started.addAll(
          GatewayClient.knownTo(surroundings.service()),
          GatewayClient.knownTo(surroundings.service())
              .with("SESSION_IDLE_TIMEOUT", "2S")
              .with("SESSION_LIFETIME", LIFETIME.toSeconds() + "S"));
  private static final ServiceProcess one = services.get(0);

  /** Its sessions are short. */
  private static final ServiceProcess two = services.get(1);

  private final String user = newUser();
  private final String openid = surroundings.wechat().openidOf(APP.appid(), user);

  @Test
  void aTokenOfOneIsKnownAndRevokedAtTheOther() {
    var token = one.client().tokenFor(codeOf(user));
    gateway(two).introspect(token).then().body("sub", equalTo(openid));
    verify(one, token, 200);
    gateway(two).revoke(token).then().statusCode(200);
    verify(one, token, 401);
    gateway(one).introspect(token).then().body("active", equalTo(false));
  }

  @Test
  void aUserIsThrownOutOfAll() {
    var first = one.client().tokenFor(codeOf(user));
    var second = one.client().tokenFor(codeOf(user));
    gateway(two).sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(2));
    gateway(two).endSessions(APP.appid(), openid).then().statusCode(204);
    verify(one, first, 401);
    verify(one, second, 401);
    gateway(one).sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(0));
  }

  @Test
  void askingKeepsASessionButNotBeyondItsLifetime() {
    var watch = Stopwatch.start();
    var token = two.client().tokenFor(codeOf(user));
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(LIFETIME.plusSeconds(1))
        .until(() -> !gateway(two).introspect(token).jsonPath().getBoolean("active"));
    assertThat(watch.elapsed()).isGreaterThanOrEqualTo(LIFETIME);
    assertThat(gateway(two).introspect(token).asString()).isEqualTo("{\"active\":false}");
    gateway(two).sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(0));
  }

  @Test
  void aRedisThatIsAwayEndsNothing() throws Exception {
    var token = one.client().tokenFor(codeOf(user));
    var other = one.client().tokenFor(codeOf(user));
    try (var stopped = Stopped.redis(surroundings.redis())) {
      gateway(one).introspect(token).then().spec(storeUnavailable());
      gateway(one).revoke(other).then().spec(storeUnavailable());
      gateway(one).sessions(APP.appid(), openid).then().spec(storeUnavailable());
      gateway(one).endSessions(APP.appid(), "somebody-else").then().spec(storeUnavailable());
      // What cannot be a token needs no Redis.
      gateway(one).introspect("x").then().body("active", equalTo(false));
    }
    await()
        .atMost(RECOVERY)
        .until(() -> gateway(one).sessions(APP.appid(), openid).statusCode() == 200);
    gateway(one).introspect(token).then().body("active", equalTo(true));
    verify(one, token, 200);
  }

  private static void verify(ServiceProcess service, String token, int status) {
    service.client().bearing(token).get("/verify").then().statusCode(status);
  }

  private static GatewayClient gateway(ServiceProcess service) {
    return new GatewayClient(service.client());
  }
}
