package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Read access to Redis reveals no token, no session key and no user. Write access does not allow
 * anybody to act as another user.
 */
@Tag("long")
class StoredDataIT {
  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final ServiceProcess service = started.add(surroundings.service().start());
  private static final RedisConnection redis =
      started.add(new RedisConnection(surroundings.redis()));

  @Test
  void redisContainsNoSecretAndNoUser() {
    var secrets = new ArrayList<>(List.of(APP.secret()));
    for (int i = 0; i < 5; i++) {
      var user = newUser();
      var code = codeOf(user);
      secrets.add(user);
      secrets.add(code);
      secrets.add(service.client().tokenFor(code));
      secrets.add(surroundings.wechat().openidOf(APP.appid(), user));
      secrets.add(surroundings.wechat().unionidOf(user));
      secrets.add(surroundings.wechat().sessionKeyOf(APP.appid(), user));
      service.client().login(codeOf(user, "errcode=40029"));
      secrets.addAll(otherWechatData(user, service.client().tokenFor(codeOf(user))));
    }
    var everything = dump();
    assertThat(everything).contains("ml:s:").contains("ml:t:");
    for (var secret : secrets) {
      assertThat(Disguises.of(secret)).noneMatch(everything::contains);
    }
  }

  @Test
  void everythingInRedisExpires() {
    var token = service.client().tokenFor(code());
    service.client().session(token).then().statusCode(200);
    service.client().login(code("errcode=40029"));
    service.client().resetKey(token).then().statusCode(204);
    service.client().logoutEverywhere(service.client().tokenFor(code()));
    assertThat(redis.keys("*"))
        .anyMatch(key -> key.startsWith("ml:t:"))
        .allSatisfy(key -> assertThat(redis.timeToLive(key)).isPositive());
  }

  @Test
  void sessionCopiedToAnotherKeyIsInvalid() {
    var alice = service.client().tokenFor(code());
    var bob = service.client().tokenFor(code());
    redis.set(RedisConnection.sessionKey(bob), redis.get(RedisConnection.sessionKey(alice)));
    service.client().session(bob).then().spec(tokenInvalid());
    service.client().session(alice).then().statusCode(200);
  }

  @Test
  void tamperedSessionIsInvalid() {
    var token = service.client().tokenFor(code());
    var key = RedisConnection.sessionKey(token);
    var value = redis.get(key);
    for (int at = 0; at < value.length; at += 7) {
      var changed = value.clone();
      changed[at] ^= 1;
      redis.set(key, changed);
      service.client().session(token).then().spec(tokenInvalid());
    }
    redis.set(key, value);
    service.client().session(token).then().statusCode(200);
  }

  @Test
  void answerCopiedToAnotherCodeDoesNotRevealItsToken() {
    var before = redis.keys("ml:c:*");
    var alice = service.client().tokenFor(code());
    var answer = redis.keys("ml:c:*").stream().filter(k -> !before.contains(k)).findFirst();
    var stolen = redis.get(answer.orElseThrow());
    var code = code();
    service.client().tokenFor(code);
    redis.keys("ml:c:*").forEach(key -> redis.set(key, stolen));
    assertThat(service.client().login(code).asString()).doesNotContain(alice);
    assertThat(surroundings.wechat().callsWith(code)).isEqualTo(1);
  }

  private static List<String> otherWechatData(String user, String token) {
    var wechat = surroundings.wechat();
    var code = codeOf(user);
    service.client().phoneNumber(token, code).then().statusCode(200);
    service.client().resetKey(token).then().statusCode(204);
    var data = wechat.userInfo(APP.appid(), user);
    service.client().openData(token, data.json()).then().statusCode(200);
    return List.of(
        code,
        token,
        wechat.phoneNumberOf(user),
        wechat.sessionKeyOf(APP.appid(), user),
        wechat.accessTokenOf(APP.appid()),
        data.rawData().orElseThrow(),
        data.encryptedData());
  }

  /** Returns all keys with their values, one character per byte. */
  private static String dump() {
    var all = new StringBuilder();
    for (var key : redis.keys("*")) {
      all.append(key).append('\n');
      values(key).forEach(value -> all.append(new String(value, ISO_8859_1)).append('\n'));
    }
    return all.toString();
  }

  private static List<byte[]> values(String key) {
    var type = new String((byte[]) redis.send("TYPE", key), UTF_8);
    return switch (type) {
      case "string" -> List.of(redis.get(key));
      case "hash" -> redis.hash(key);
      default -> throw new AssertionError("a " + type + " that this test does not look into");
    };
  }
}
