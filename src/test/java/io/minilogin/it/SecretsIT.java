package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.proto.trace.v1.Span;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The output contains no secret, key, code, token or user, in any situation and at any log level.
 */
@Tag("long")
class SecretsIT {
  private static final List<String> FAULTS =
      List.of(
          "reset",
          "close",
          "html",
          "empty",
          "truncated",
          "cut",
          "huge",
          "huge-declared",
          "status=500",
          "no-openid",
          "no-session-key",
          "errcode=40029",
          "errcode=40125",
          "errcode=41008",
          "errcode=45011",
          "errcode=-1",
          "errcode=99999",
          "delay=10000");

  private static final String PAYMENT_KEY = "the-live-key-of-payments";
  private static final String SANDBOX_KEY = "the-sandbox-key-of-payments";

  private static final String URL_PASSWORD = "pa55word-of-a-backend";

  private static final Set<String> secrets = new LinkedHashSet<>();

  /** The secrets in all of their encodings. */
  private static final Set<String> forms = new LinkedHashSet<>();

  @RegisterExtension private static final Started started = new Started();
  private static final OtlpReceiver collector = started.add(new OtlpReceiver());
  private static final Surroundings surroundings = started.add(Surroundings.start());
  private static final EventBackend backend = started.add(EventBackend.start());
  private static final ServiceProcess service =
      started.add(
          collector
              .tracing(GatewayClient.knownTo(surroundings.service()))
              .with("CLIENTS_0__MAY", "introspect,revoke,users,sign,/*")
              .with("WECHAT_PAYMENT_KEY", PAYMENT_KEY)
              .with("WECHAT_PAYMENT_SANDBOX_KEY", SANDBOX_KEY)
              .with("QUARKUS_LOG_LEVEL", "TRACE")
              .with("WECHAT_PUSH_TOKEN", EventSender.TOKEN)
              .with("WECHAT_PUSH_AES_KEY", EventSender.AES_KEY)
              .with("PUSH_ROUTES_0__EVENTS", "dead_*")
              .with("PUSH_ROUTES_0__URL", "http://user:" + URL_PASSWORD + "@127.0.0.1:1/events")
              .with("PUSH_ROUTES_1__EVENTS", "test_*")
              .with("PUSH_ROUTES_1__URL", backend.uri().toString())
              .with("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "true")
              .start());

  @BeforeAll
  static void runEveryScenario() {
    secrets.add(APP.secret());
    secrets.addAll(List.of(GatewayClient.SECRET, PAYMENT_KEY, SANDBOX_KEY));
    secrets.addAll(List.of(EventSender.TOKEN, EventSender.AES_KEY, URL_PASSWORD));
    secrets.add(EventSender.OPENID);
    loginsAndLogouts();
    FAULTS.forEach(fault -> client().login(code(fault)));
    badRequestsWithValidSecrets();
    usersWantMoreOfWechat();
    backendsHaveDataSigned();
    wechatRefusesAccessTokens();
    eventsOfWechat();
    redisOutage();
    wechatOutage();
    secrets.forEach(secret -> forms.addAll(Disguises.of(secret)));
  }

  @Test
  void logContainsNoSecret() {
    assertThat(service.lines()).anyMatch(line -> line.contains("\"level\":\"DEBUG\""));
    assertThat(service.lines()).filteredOn(SecretsIT::containsSecret).isEmpty();
  }

  @Test
  void metricsContainNoSecret() {
    assertThat(client().metrics()).contains("mini_login");
    assertThat(client().metrics().lines()).filteredOn(SecretsIT::containsSecret).isEmpty();
  }

  @Test
  void spansContainNoSecret() {
    await()
        .untilAsserted(
            () ->
                assertThat(collector.spans())
                    .extracting(Span::getName)
                    .contains(
                        "login",
                        "end-user-sessions",
                        "code2Session",
                        "PIPELINE",
                        "push",
                        "push-delivery"));
    assertThat(collector.raw()).filteredOn(SecretsIT::containsSecret).isEmpty();
  }

  private static boolean containsSecret(String line) {
    return forms.stream().anyMatch(line::contains);
  }

  private static void loginsAndLogouts() {
    var user = newUser();
    secrets.add(surroundings.wechat().openidOf(APP.appid(), user));
    secrets.add(surroundings.wechat().unionidOf(user));
    var code = note(codeOf(user));
    var token = note(client().tokenFor(code));
    client().login(code);
    client().session(token);
    client().logout(token);
    client().session(token);
    for (int i = 0; i < 11; i++) {
      token = note(client().tokenFor(note(codeOf(user))));
      secrets.add(surroundings.wechat().sessionKeyOf(APP.appid(), user));
    }
    gateway().introspect(token);
    client().logoutEverywhere(token);
    gateway().introspect(token);
    token = note(client().tokenFor(note(codeOf(user))));
    gateway().revoke(token);
    // The access log contains paths, and therefore the openid in this path. The user of this openid
    // is not used elsewhere.
    gateway().sessions(APP.appid(), "o-stranger");
    gateway().endSessions(APP.appid(), "o-stranger");
  }

  private static void badRequestsWithValidSecrets() {
    var code = code();
    var token = note(client().tokenFor(code()));
    client().postLogin("{\"code\":\"" + code + "\"");
    client().postLogin("{\"code\":\"" + code + "\",\"code\":1}");
    client().postLogin("{\"code\":[\"" + code + "\"]}");
    client().postLogin("{\"code\":\"" + code + "\u0000\"}");
    client().login(code, "wx3333333333333333");
    client().request().body("code=" + code).contentType("text/plain").post("/login");
    client().request().header("Authorization", "Bearer " + token + " " + token).get("/session");
    client().request().header("Authorization", "Basic " + token).get("/session");
    client().session(token + "x");
    gateway().introspect(token + "x");
    gateway().revoke(token + "%");
    gateway().post("/introspect", "token=" + token + "&token=" + token);
    gateway().request().body("token=" + token).contentType("text/plain").post("/revoke");
    var header = GatewayClient.basic(GatewayClient.ID + "x", GatewayClient.SECRET);
    client().request().header("Authorization", header).post("/introspect");
    client().request().header("Authorization", header, header).post("/revoke");
  }

  private static void usersWantMoreOfWechat() {
    var user = newUser();
    var token = note(client().tokenFor(note(codeOf(user, "no-unionid"))));
    noteKeys(user);
    var data = surroundings.wechat().userInfo(APP.appid(), user);
    secrets.add(data.encryptedData());
    secrets.add(data.signature().orElseThrow());
    client().openData(token, data.json()).then().statusCode(200);
    client().openData(token, data.json().replace("nickName", "nickname"));
    client().openData(token, data.json().replace(data.iv(), "?" + data.iv()));
    client().openData(token, data.json() + "x");
    secrets.add(surroundings.wechat().openidOf(APP.appid(), user));
    secrets.add(surroundings.wechat().unionidOf(user));
    secrets.add(surroundings.wechat().phoneNumberOf(user));
    client().openData(token, surroundings.wechat().phoneNumberData(APP.appid(), user).json());
    client().phoneNumber(token, note(codeOf(user))).then().statusCode(200);
    FAULTS.forEach(fault -> client().phoneNumber(token, note(codeOf(user, fault))));
    client().checkKey(token).then().statusCode(200);
    client().resetKey(token).then().statusCode(204);
    noteKeys(user);
    for (var path : List.of("/wxa/checksession", "/wxa/resetusersessionkey")) {
      for (var fault : List.of("reset", "html", "errcode=87009", "errcode=-1", "delay=4000")) {
        surroundings.wechat().provoke(path, fault);
        client().checkKey(token);
        client().resetKey(token);
        noteKeys(user);
      }
      surroundings.wechat().provoke(path, "");
    }
  }

  private static void backendsHaveDataSigned() {
    callsAreSigned();
    // The access log contains paths, and therefore the openid in this path, which is no secret
    // here.
    var user = newUser();
    note(client().tokenFor(note(codeOf(user))));
    noteKeys(user);
    var key = surroundings.wechat().sessionKeyOf(APP.appid(), user);
    var data = note("{\"attach\":\"" + UUID.randomUUID() + "\"}");
    secrets.addAll(
        List.of(Hmac.of(key, data), Hmac.of(PAYMENT_KEY, "requestVirtualPayment&" + data)));
    var openid = surroundings.wechat().openidOf(APP.appid(), user);
    gateway()
        .sign(APP.appid(), openid, Map.of("data", data, "uri", "requestVirtualPayment"))
        .then()
        .statusCode(200);
    gateway().sign(APP.appid(), "o-stranger", Map.of("data", data)).then().statusCode(409);
    gateway().sign(APP.appid(), openid, Map.of("data", data, "uri", data)).then().statusCode(400);
    gateway().sign(APP.appid(), openid, "{\"data\":\"" + key + "\",}").then().statusCode(400);
  }

  private static void callsAreSigned() {
    var user = newUser();
    var openid = note(surroundings.wechat().openidOf(APP.appid(), user));
    note(client().tokenFor(note(codeOf(user))));
    noteKeys(user);
    var key = surroundings.wechat().sessionKeyOf(APP.appid(), user);
    for (int env = 0; env < 3; env++) {
      var body = "{\"openid\":\"" + openid + "\",\"env\":" + env + "}";
      var path = "/xpay/query_user_balance";
      secrets.addAll(List.of(Hmac.of(key, body), Hmac.of(PAYMENT_KEY, path + "&" + body)));
      secrets.add(Hmac.of(SANDBOX_KEY, path + "&" + body));
      for (var fault : List.of("", "reset", "html", "errcode=268490009", "delay=4000")) {
        surroundings.wechat().provoke(path, fault);
        gateway().request().body(body).post("/wechat" + path);
      }
      surroundings.wechat().provoke(path, "");
    }
    gateway().request().body("{}").post("/wechat/xpay/currency_pay");
    gateway().request().get("/wechat/wxa/business/getuserencryptkey?openid=" + openid);
  }

  private static void wechatRefusesAccessTokens() {
    var token = note(client().tokenFor(note(code())));
    surroundings.wechat().expireAccessToken(APP.appid());
    client().phoneNumber(token, note(code())).then().statusCode(200);
    noteAccessToken();
    surroundings.wechat().rejectAccessToken(APP.appid());
    client().phoneNumber(token, note(code())).then().statusCode(200);
    noteAccessToken();
    // The last failure pauses further requests for an access token.
    for (var fault : List.of("reset", "html", "errcode=-1", "delay=4000", "errcode=40125")) {
      surroundings.wechat().expireAccessToken(APP.appid());
      surroundings.wechat().provoke("/cgi-bin/stable_token", fault);
      client().phoneNumber(token, note(code()));
    }
    surroundings.wechat().provoke("/cgi-bin/stable_token", "");
  }

  private static void noteKeys(String user) {
    var key = surroundings.wechat().sessionKeyOf(APP.appid(), user);
    secrets.add(key);
    secrets.add(Hmac.of(key, ""));
    noteAccessToken();
  }

  private static void noteAccessToken() {
    if (!surroundings.wechat().requests("/cgi-bin/stable_token").isEmpty()) {
      secrets.add(surroundings.wechat().accessTokenOf(APP.appid()));
    }
  }

  private static void eventsOfWechat() {
    var sender = EventSender.of(APP);
    var push = sender.push("test_event", "id", "reply");
    sender.post(service, push);
    sender.post(service, push);
    sender.post(service, push.with("msg_signature", "0"));
    sender.post(service, sender.push("test_event", "failing", "fail"));
    sender.post(service, sender.push("dead_event", "id", ""));
    sender.post(service, sender.push("other_event", "id", ""));
    sender.check(service, sender.sender().check("text"));
  }

  private static void redisOutage() {
    var token = note(client().tokenFor(code()));
    surroundings.redis().kill();
    client().login(code());
    client().session(token);
    client().logoutEverywhere(token);
    gateway().introspect(token);
    gateway().revoke(token);
    client().ready();
    surroundings.restartRedis();
  }

  private static void wechatOutage() {
    surroundings.wechat().close();
    client().login(code());
    client().login(code());
  }

  private static String code(String... words) {
    return note(Codes.code(words));
  }

  private static String note(String secret) {
    secrets.add(secret);
    return secret;
  }

  private static GatewayClient gateway() {
    return new GatewayClient(client());
  }

  private static Client client() {
    return service.client();
  }
}
