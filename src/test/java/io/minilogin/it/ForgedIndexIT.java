package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.minilogin.it.SharedService.Instances;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Mallory can write to Redis but does not know the secret. She adds sessions to indexes of other
 * users. No user becomes another user, and no session changes.
 */
@ExtendWith(SharedService.class)
class ForgedIndexIT {
  /** The maximum number of sessions of a user. */
  private static final int MAX_SESSIONS = 10;

  @RegisterExtension private final Started started = new Started();
  private final Instances instances;
  private final Client client;
  private final RedisConnection redis;
  private final String bob = newUser();
  private final String mallory = newUser();
  private final String bobsToken;
  private final String bobsIndex;
  private final String mallorysToken;
  private final String mallorysIndex;

  ForgedIndexIT(Instances instances) {
    this.instances = instances;
    client = instances.one(APP);
    redis = started.add(new RedisConnection(instances.surroundings().redis()));
    bobsToken = client.tokenFor(codeOf(bob, "no-unionid"));
    bobsIndex = indexOf(bob);
    mallorysToken = client.tokenFor(codeOf(mallory, "no-unionid"));
    mallorysIndex = indexOf(mallory);
  }

  @Test
  void unionidIsNotWrittenToSessionsOfOtherUsers() {
    addToIndex(mallorysToken, bobsIndex);
    client.openData(bobsToken, openData(bob)).then().statusCode(200);
    assertUnionid(bobsToken, instances.wechat().unionidOf(bob));
    assertUnionid(mallorysToken, "");
  }

  @Test
  void unionidOfTheForgerIsNotWrittenToSessionsOfOtherUsers() {
    addToIndex(bobsToken, mallorysIndex);
    client.openData(mallorysToken, openData(mallory)).then().statusCode(200);
    assertUnionid(mallorysToken, instances.wechat().unionidOf(mallory));
    assertUnionid(bobsToken, "");
  }

  @Test
  void sessionsOfOtherUsersAreNotListed() {
    addToIndex(mallorysToken, bobsIndex);
    assertSessionCount(bob, 1);
    assertThat(redis.send("HEXISTS", bobsIndex, RedisConnection.sessionId(bobsToken)))
        .isEqualTo(1L);
  }

  @Test
  void logoutEverywhereDoesNotEndSessionsOfOtherUsers() {
    addToIndex(bobsToken, mallorysIndex);
    client.logoutEverywhere(mallorysToken).then().statusCode(204);
    client.session(bobsToken).then().statusCode(200);
    client.session(mallorysToken).then().statusCode(401);
  }

  @Test
  void endingAUsersSessionsDoesNotEndSessionsOfOtherUsers() {
    addToIndex(bobsToken, mallorysIndex);
    gateway().endSessions(APP.appid(), openid(mallory)).then().statusCode(204);
    client.session(bobsToken).then().statusCode(200);
    client.session(mallorysToken).then().statusCode(401);
  }

  @Test
  void sessionsOfOtherUsersDoNotCountTowardsTheLimit() {
    var hers = new ArrayList<>(List.of(mallorysToken));
    hers.addAll(logins(mallory, MAX_SESSIONS - 1));
    hers.forEach(token -> addToIndex(token, bobsIndex));
    var his = new ArrayList<>(List.of(bobsToken));
    his.addAll(logins(bob, MAX_SESSIONS - 1));
    assertThat(his).allSatisfy(token -> client.session(token).then().statusCode(200));
    assertThat(hers).allSatisfy(token -> client.session(token).then().statusCode(200));
    assertSessionCount(bob, MAX_SESSIONS);
  }

  /** The end times in the index do not matter. */
  @Test
  void forgedNewerEntriesDoNotEvictRealSessions() {
    var his = new ArrayList<>(List.of(bobsToken));
    his.addAll(logins(bob, MAX_SESSIONS - 1));
    for (int i = 0; i < 20; i++) {
      redis.send("HSET", bobsIndex, String.format("forged-%036d", i), inTenYears());
    }
    assertThat(client.login(codeOf(bob)).statusCode()).isEqualTo(200);
    assertThat(his.stream().filter(token -> client.session(token).statusCode() == 200))
        .hasSize(MAX_SESSIONS - 1);
  }

  private List<String> logins(String user, int count) {
    return IntStream.range(0, count).mapToObj(i -> client.tokenFor(codeOf(user))).toList();
  }

  private String indexOf(String user) {
    return RedisConnection.userKey(APP.appid(), openid(user));
  }

  private void addToIndex(String token, String index) {
    redis.send("HSET", index, RedisConnection.sessionId(token), inTenYears());
  }

  private static String inTenYears() {
    return String.valueOf(Instant.now().plus(Duration.ofDays(3650)).toEpochMilli());
  }

  private void assertUnionid(String token, String expected) {
    client.verify(token).then().statusCode(200).header("X-WX-UNIONID", equalTo(expected));
  }

  private void assertSessionCount(String user, int count) {
    gateway()
        .sessions(APP.appid(), openid(user))
        .then()
        .statusCode(200)
        .body("sessions", hasSize(count));
  }

  private String openData(String user) {
    return instances.wechat().userInfo(APP.appid(), user).json();
  }

  private String openid(String user) {
    return instances.wechat().openidOf(APP.appid(), user);
  }

  private GatewayClient gateway() {
    return new GatewayClient(client);
  }
}
