package io.minilogin.it;

import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever happens, and however much is logged: no secret, key, code, token or user is written. */
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

  private static final Set<String> secrets = new LinkedHashSet<>();

  /** The same in all their forms. */
  private static final Set<String> forms = new LinkedHashSet<>();

  private static Surroundings surroundings;
  private static ServiceProcess service;

  @BeforeAll
  static void everythingHappens() {
    surroundings = Surroundings.start();
    service =
        GatewayClient.knownTo(surroundings.service())
            .with("QUARKUS_LOG_LEVEL", "TRACE")
            .with("QUARKUS_HTTP_ACCESS_LOG_ENABLED", "true")
            .start();
    secrets.add(APP.secret());
    secrets.add(GatewayClient.SECRET);
    sessionsComeAndGo();
    FAULTS.forEach(fault -> client().login(code(fault)));
    badRequestsCarryWhatIsGood();
    redisIsAway();
    wechatIsAway();
    secrets.forEach(secret -> forms.addAll(Disguises.of(secret)));
  }

  @AfterAll
  static void stop() {
    service.close();
    surroundings.close();
  }

  @Test
  void theLogTellsNone() {
    assertThat(service.lines()).anyMatch(line -> line.contains("\"level\":\"DEBUG\""));
    assertThat(service.lines()).filteredOn(SecretsIT::tellsASecret).isEmpty();
  }

  @Test
  void theMetricsTellNone() {
    assertThat(client().metrics()).contains("mini_login");
    assertThat(client().metrics().lines()).filteredOn(SecretsIT::tellsASecret).isEmpty();
  }

  private static boolean tellsASecret(String line) {
    return forms.stream().anyMatch(line::contains);
  }

  private static void sessionsComeAndGo() {
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
    // A path is in the access log, and so is an openid in it: of a user nothing else is known of.
    gateway().sessions(APP.appid(), "o-stranger");
    gateway().endSessions(APP.appid(), "o-stranger");
  }

  private static void badRequestsCarryWhatIsGood() {
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

  private static void redisIsAway() {
    var token = note(client().tokenFor(code()));
    surroundings.redis().kill();
    client().login(code());
    client().session(token);
    client().logoutEverywhere(token);
    gateway().introspect(token);
    gateway().revoke(token);
    client().ready();
    surroundings.redis().restart();
  }

  private static void wechatIsAway() {
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
