package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Garbage in Redis never causes a failure of the service, and a revocation still works. Foreign
 * values are ignored, and removed if they are in the way.
 */
@Isolated("Redis is given a second for 60 MB")
@Tag("long")
@Tag("jar")
class GarbageInRedisIT {
  private static final byte[] SIXTY_MEGABYTES = "x".repeat(60_000_000).getBytes(UTF_8);

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service =
      started.add(GatewayClient.knownTo(surroundings.service()).start());
  private static final RedisConnection redis =
      started.add(new RedisConnection(surroundings.redis()));

  private final String user = newUser();
  private String token;
  private String other;
  private String index;

  /** Garbage that somebody may have written to a key. */
  private record Garbage(String name, List<Object> command) {
    void putAt(String key) {
      redis.send("DEL", key);
      redis.send(
          command.stream().map(part -> part.equals("KEY") ? key : part).toArray(Object[]::new));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Garbage> garbage() {
    return Stream.concat(
        Stream.of(
            new Garbage("a list", List.of("RPUSH", "KEY", "a", "b")),
            new Garbage("a set", List.of("SADD", "KEY", "a", "b")),
            new Garbage("a sorted set", List.of("ZADD", "KEY", "1", "a")),
            new Garbage("a stream", List.of("XADD", "KEY", "*", "a", "b")),
            new Garbage("a hash", List.of("HSET", "KEY", "a", "b")),
            new Garbage("60 MB", List.of("SET", "KEY", SIXTY_MEGABYTES))),
        values().map(value -> new Garbage("\"" + value + "\"", List.of("SET", "KEY", value))));
  }

  static Stream<String> values() {
    return Stream.of(
        "",
        "x",
        "abc",
        "0",
        "-1",
        "1e18",
        "nan",
        "9999999999999999999999",
        "\u0000",
        "x".repeat(5000));
  }

  @BeforeEach
  void logIn() {
    redis.send("FLUSHALL");
    token = client().tokenFor(codeOf(user));
    other = client().tokenFor(codeOf(user));
    index = redis.keys("ml:u:*").get(0);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageInsteadOfASessionMeansInvalidToken(Garbage garbage) {
    garbage.putAt(RedisConnection.sessionKey(token));
    client().session(token).then().statusCode(401);
    client().verify(token).then().statusCode(401);
    gateway().introspect(token).then().statusCode(200).body("active", equalTo(false));
    gateway().revoke(token).then().statusCode(200);
    assertRevocationWorks();
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageInsteadOfAUserIsRemoved(Garbage garbage) {
    garbage.putAt(index);
    assertEverythingWorks();
    garbage.putAt(index);
    client().logoutEverywhere(token).then().statusCode(204);
    client().session(token).then().statusCode(401);
  }

  @ParameterizedTest
  @MethodSource("values")
  void garbageEntriesInTheIndexAreRemoved(String value) {
    redis.send("HSET", index, "a field", value, "x".repeat(43), value, "\u00ff", value);
    assertEverythingWorks();
    assertThat(fields()).doesNotContain("a field", "x".repeat(43));
    redis.send("HSET", index, "a field", value, "x".repeat(43), value);
    assertRevocationWorks();
  }

  @Test
  void largeValuesInTheIndexAreRemoved() {
    redis.send("HSET", index, "y".repeat(43), SIXTY_MEGABYTES, "k", SIXTY_MEGABYTES);
    assertEverythingWorks();
    assertThat((Long) redis.send("MEMORY", "USAGE", index)).isLessThan(10_000);
    redis.send("HSET", index, "y".repeat(43), SIXTY_MEGABYTES, "k", SIXTY_MEGABYTES);
    assertRevocationWorks();
  }

  @Test
  void largeNamesInTheIndexAreRemoved() {
    redis.send("HSET", index, SIXTY_MEGABYTES, "1");
    assertRevocationWorks();
    assertThat((Long) redis.send("MEMORY", "USAGE", index)).isLessThan(10_000);
  }

  @ParameterizedTest
  @MethodSource("values")
  void garbageInsteadOfASessionKeyIsIgnored(String value) {
    redis.send("HSET", index, "k", value, "p", value);
    client().checkKey(token).then().statusCode(200).body("valid", equalTo(false));
    client().openData(token, openData()).then().statusCode(409);
    client().resetKey(token).then().statusCode(409);
    assertEverythingWorks();
    client().openData(client().tokenFor(codeOf(user)), openData()).then().statusCode(200);
  }

  @ParameterizedTest
  @MethodSource("values")
  void garbageInsteadOfABlockIsIgnored(String value) {
    var block = value.equals("0") ? "1" : value;
    redis.send("HSET", index, "b", block, "r", value, "t", value);
    gateway().findBlock(APP.appid(), openid()).then().statusCode(404);
    redis.send("HSET", index, "b", block, "r", value);
    assertEverythingWorks();
    redis.send("HSET", index, "b", block, "r", value);
    assertRevocationWorks();
    redis.send("HSET", index, "b", "0", "r", value);
    gateway().findBlock(APP.appid(), openid()).then().statusCode(200);
    gateway().unblock(APP.appid(), openid()).then().statusCode(204);
    assertEverythingWorks();
  }

  @Test
  void twentyThousandIndexEntriesDoNotPreventARevocation() {
    fillIndex();
    gateway().sessions(APP.appid(), openid()).then().statusCode(200).body("sessions", hasSize(2));
    fillIndex();
    client().logoutEverywhere(token).then().statusCode(204);
    client().session(other).then().statusCode(401);
    assertThat(fields()).hasSizeLessThan(10);
  }

  @Test
  void twentyThousandIndexEntriesDoNotPreventALogin() {
    fillIndex();
    assertEverythingWorks();
    fillIndex();
    gateway().endSessions(APP.appid(), openid()).then().statusCode(204);
    client().session(token).then().statusCode(401);
    client().session(other).then().statusCode(401);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageInsteadOfACodeMeansUsedCode(Garbage garbage) {
    var code = codeOf(user);
    client().tokenFor(code);
    var key = newest("ml:c:");
    garbage.putAt(key);
    client()
        .login(code)
        .then()
        .statusCode(400)
        .body("type", equalTo("urn:mini-login:problem:code-used"));
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
    assertEverythingWorks();
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageInsteadOfAnAccessTokenIsIgnored(Garbage garbage) {
    client().checkKey(token).then().statusCode(200);
    garbage.putAt("ml:t:" + APP.appid());
    client().checkKey(token).then().statusCode(200).body("valid", equalTo(true));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbageInsteadOfALockDoesNotBlock(Garbage garbage) {
    garbage.putAt("ml:l:t:" + APP.appid());
    client().checkKey(token).then().statusCode(200);
    garbage.putAt("ml:l:k:" + index.substring("ml:u:".length()));
    client().resetKey(token).then().statusCode(204);
  }

  private void fillIndex() {
    var command = new ArrayList<Object>(List.of("HSET", index));
    var end = String.valueOf(Instant.now().plus(Duration.ofDays(3)).toEpochMilli());
    for (int i = 0; i < 20_000; i++) {
      command.add("forged-" + String.format("%036d", i));
      command.add(end);
    }
    redis.send(command.toArray());
  }

  /**
   * Expects that every endpoint works for this user, except for the sessions that the garbage has
   * replaced.
   */
  private void assertEverythingWorks() {
    var newest = client().tokenFor(codeOf(user));
    client().session(newest).then().statusCode(200);
    client().verify(newest).then().statusCode(200);
    client().openData(newest, openData()).then().statusCode(200);
    client().checkKey(newest).then().statusCode(200).body("valid", equalTo(true));
    client().resetKey(newest).then().statusCode(204);
    gateway().sessions(APP.appid(), openid()).then().statusCode(200);
    client().logout(newest).then().statusCode(204);
    client().session(newest).then().statusCode(401);
  }

  private void assertRevocationWorks() {
    client().session(other).then().statusCode(200);
    gateway().endSessions(APP.appid(), openid()).then().statusCode(204);
    client().session(other).then().statusCode(401);
    var newest = client().tokenFor(codeOf(user));
    var another = client().tokenFor(codeOf(user));
    client().logoutEverywhere(another).then().statusCode(204);
    client().session(newest).then().statusCode(401);
  }

  private List<String> fields() {
    return RedisConnection.texts(redis.send("HKEYS", index));
  }

  private static String newest(String prefix) {
    return redis.keys(prefix + "*").stream()
        .max(Comparator.comparing(redis::timeToLive))
        .orElseThrow();
  }

  private String openData() {
    return surroundings.wechat().userInfo(APP.appid(), user).json();
  }

  private String openid() {
    return surroundings.wechat().openidOf(APP.appid(), user);
  }

  private static Client client() {
    return service.client();
  }

  private static GatewayClient gateway() {
    return new GatewayClient(client());
  }
}
