package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Mallory can write to Redis and has no secret. She names sessions in indexes where they do not
 * belong: nobody becomes anybody else, and nothing happens to a session because of it.
 */
class ForgedIndexIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(
          GatewayClient.knownTo(surroundings.service()).with("SESSION_MAX_PER_USER", "3").start());
  private static final RedisConnection redis =
      started.add(new RedisConnection(surroundings.redis()));

  private final String bob = newUser();
  private final String mallory = newUser();
  private String bobsToken;
  private String bobsIndex;
  private String mallorysToken;
  private String mallorysIndex;

  @BeforeEach
  void bothLogIn() {
    redis.send("FLUSHALL");
    bobsToken = client().tokenFor(codeOf(bob, "no-unionid"));
    bobsIndex = redis.keys("ml:u:*").get(0);
    mallorysToken = client().tokenFor(codeOf(mallory, "no-unionid"));
    mallorysIndex =
        redis.keys("ml:u:*").stream().filter(k -> !k.equals(bobsIndex)).findFirst().orElseThrow();
  }

  @Test
  void aUnionidIsNotedInNoOtherUsersSession() {
    name(mallorysToken, bobsIndex);
    client().openData(bobsToken, openData(bob)).then().statusCode(200);
    unionid(bobsToken, surroundings.wechat().unionidOf(bob));
    unionid(mallorysToken, "");
  }

  @Test
  void aUnionidOfOnesOwnIsNotedInNoOtherUsersSession() {
    name(bobsToken, mallorysIndex);
    client().openData(mallorysToken, openData(mallory)).then().statusCode(200);
    unionid(mallorysToken, surroundings.wechat().unionidOf(mallory));
    unionid(bobsToken, "");
  }

  @Test
  void anotherUsersSessionIsNotListed() {
    name(mallorysToken, bobsIndex);
    sessions(bob, 1);
    assertThat(redis.send("HEXISTS", bobsIndex, RedisConnection.sessionId(bobsToken)))
        .isEqualTo(1L);
  }

  @Test
  void aLogoutEverywhereEndsNoOtherUsersSession() {
    name(bobsToken, mallorysIndex);
    client().logoutEverywhere(mallorysToken).then().statusCode(204);
    client().session(bobsToken).then().statusCode(200);
    client().session(mallorysToken).then().statusCode(401);
  }

  @Test
  void whoIsThrownOutTakesNobodyAlong() {
    name(bobsToken, mallorysIndex);
    gateway().endSessions(APP.appid(), openid(mallory)).then().statusCode(204);
    client().session(bobsToken).then().statusCode(200);
    client().session(mallorysToken).then().statusCode(401);
  }

  @Test
  void anotherUsersSessionsDoNotCount() {
    var hers = new ArrayList<>(List.of(mallorysToken));
    for (int i = 0; i < 2; i++) {
      hers.add(client().tokenFor(codeOf(mallory)));
    }
    hers.forEach(token -> name(token, bobsIndex));
    var his = List.of(bobsToken, client().tokenFor(codeOf(bob)), client().tokenFor(codeOf(bob)));
    assertThat(his).allSatisfy(token -> client().session(token).then().statusCode(200));
    assertThat(hers).allSatisfy(token -> client().session(token).then().statusCode(200));
    sessions(bob, 3);
  }

  /** Whatever the index says of their ends. */
  @Test
  void entriesThatWereMadeToLookNewDoNotEndTheirNeighbours() {
    var his = List.of(bobsToken, client().tokenFor(codeOf(bob)), client().tokenFor(codeOf(bob)));
    for (int i = 0; i < 20; i++) {
      redis.send("HSET", bobsIndex, String.format("forged-%036d", i), inTenYears());
    }
    assertThat(client().login(codeOf(bob)).statusCode()).isEqualTo(200);
    assertThat(his.stream().filter(token -> client().session(token).statusCode() == 200))
        .hasSize(2);
  }

  private static void name(String token, String index) {
    redis.send("HSET", index, RedisConnection.sessionId(token), inTenYears());
  }

  private static String inTenYears() {
    return String.valueOf(Instant.now().plus(Duration.ofDays(3650)).toEpochMilli());
  }

  private static void unionid(String token, String expected) {
    client().verify(token).then().statusCode(200).header("X-WX-UNIONID", equalTo(expected));
  }

  private static void sessions(String user, int count) {
    gateway()
        .sessions(APP.appid(), openid(user))
        .then()
        .statusCode(200)
        .body("sessions", hasSize(count));
  }

  private static String openData(String user) {
    return surroundings.wechat().userInfo(APP.appid(), user).json();
  }

  private static String openid(String user) {
    return surroundings.wechat().openidOf(APP.appid(), user);
  }

  private static Client client() {
    return service.client();
  }

  private static GatewayClient gateway() {
    return new GatewayClient(client());
  }
}
