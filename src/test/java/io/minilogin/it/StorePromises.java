package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The behavior that users and backends see, which is the same for every topology of the store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StorePromises {
  private static final int MAX_SESSIONS = 10;

  private final Store store = new Store();

  /** Starts the servers and, with a block of the page, the service. */
  abstract void start(Store store) throws Exception;

  @BeforeAll
  void start() throws Exception {
    try {
      start(store);
    } catch (Exception e) {
      store.close();
      throw e;
    }
  }

  @AfterAll
  void close() {
    try {
      assertThat(store.service().lines()).noneMatch(line -> line.contains(Store.PASSWORD));
      assertThat(store.servers().stream().flatMap(StorePromises::denied)).isEmpty();
    } finally {
      store.close();
    }
  }

  /** Returns the commands that the server denied to the service. */
  private static Stream<?> denied(RedisServer server) {
    try {
      return ((List<?>) server.send("ACL", "LOG")).stream();
    } catch (UncheckedIOException e) {
      // The server is a sentinel.
      return Stream.of();
    }
  }

  Store store() {
    return store;
  }

  Client client() {
    return store.service().client();
  }

  private GatewayClient gateway() {
    return new GatewayClient(client());
  }

  @Test
  void repeatedCodeGetsTheFirstAnswer() {
    var code = code();
    var token = client().tokenFor(code);
    assertThat(client().tokenFor(code)).isEqualTo(token);
    assertThat(store.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void tokenIsValidUntilTheLogout() {
    var user = newUser();
    var token = client().tokenFor(codeOf(user));
    var openid = store.wechat().openidOf(APP.appid(), user);
    client().verify(token).then().statusCode(200).header("X-WX-OPENID", openid);
    client().session(token).then().statusCode(200).body("openid", equalTo(openid));
    client().logout(token).then().statusCode(204);
    client().session(token).then().spec(tokenInvalid());
  }

  @Test
  void logoutEverywhereEndsAllSessions() {
    var user = newUser();
    var tokens = IntStream.range(0, 3).mapToObj(i -> client().tokenFor(codeOf(user))).toList();
    client().logoutEverywhere(tokens.get(1)).then().statusCode(204);
    tokens.forEach(token -> client().verify(token).then().spec(tokenInvalid()));
  }

  @Test
  void oldestSessionEndsBeyondTheLimit() {
    var user = newUser();
    var first = client().tokenFor(codeOf(user));
    IntStream.range(0, MAX_SESSIONS).forEach(i -> client().tokenFor(codeOf(user)));
    client().session(first).then().spec(tokenInvalid());
  }

  @Test
  void clientIntrospectsAndRevokes() {
    var token = client().tokenFor(code());
    gateway().introspect(token).then().statusCode(200).body("active", equalTo(true));
    gateway().revoke(token).then().statusCode(200);
    gateway().introspect(token).then().statusCode(200).body("active", equalTo(false));
  }

  @Test
  void clientListsAndEndsTheSessionsOfAUser() {
    var user = newUser();
    var openid = store.wechat().openidOf(APP.appid(), user);
    var tokens = IntStream.range(0, 2).mapToObj(i -> client().tokenFor(codeOf(user))).toList();
    gateway().sessions(APP.appid(), openid).then().statusCode(200).body("sessions", hasSize(2));
    gateway().endSessions(APP.appid(), openid).then().statusCode(204);
    gateway().sessions(APP.appid(), openid).then().body("sessions", hasSize(0));
    tokens.forEach(token -> client().session(token).then().spec(tokenInvalid()));
  }

  @Test
  void blockedUserCannotLogIn() {
    var user = newUser();
    var openid = store.wechat().openidOf(APP.appid(), user);
    var token = client().tokenFor(codeOf(user));
    gateway().block(APP.appid(), openid, "").then().statusCode(204);
    client().session(token).then().spec(tokenInvalid());
    client().login(codeOf(user)).then().statusCode(403);
    gateway().unblock(APP.appid(), openid).then().statusCode(204);
    client().tokenFor(codeOf(user));
  }

  @Test
  void unionidOfOpenDataIsAddedToAllSessions() {
    var user = newUser();
    var other = client().tokenFor(codeOf(user, "no-unionid"));
    var token = client().tokenFor(codeOf(user, "no-unionid"));
    client().verify(other).then().header("X-WX-UNIONID", "");
    client()
        .openData(token, store.wechat().userInfo(APP.appid(), user).json())
        .then()
        .statusCode(200);
    client().verify(other).then().header("X-WX-UNIONID", store.wechat().unionidOf(user));
  }

  @Test
  void accessTokenIsIssuedOnce() {
    var user = newUser();
    var token = client().tokenFor(codeOf(user));
    client().phoneNumber(token, codeOf(user)).then().statusCode(200);
    client().phoneNumber(token, codeOf(user)).then().statusCode(200);
    assertThat(store.wechat().requests("/cgi-bin/stable_token")).hasSize(1);
  }

  @Test
  void sessionKeyIsReplacedUnderALock() {
    var token = client().tokenFor(code());
    client().resetKey(token).then().statusCode(204);
    client().checkKey(token).then().statusCode(200).body("valid", equalTo(true));
  }
}
