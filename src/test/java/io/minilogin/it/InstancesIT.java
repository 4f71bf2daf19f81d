package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.SharedService.Instances;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Instances on one Redis behave like one service: one instance sends a code, and all instances know
 * all sessions.
 */
@ExtendWith(SharedService.class)
class InstancesIT {
  private final Instances instances;
  private final Client one;
  private final Client two;

  InstancesIT(Instances instances) {
    this.instances = instances;
    one = instances.one(APP);
    two = instances.two(APP);
  }

  @Test
  void postsOfOneCodeToTwoInstancesLeadToOneExchangeAndOneToken() {
    for (var fault : new String[] {"delay=300", "delay=0", "errcode=40029"}) {
      var code = code(fault);
      var posts = IntStream.range(0, 20).mapToObj(i -> Crowd.login(i % 2 == 0 ? one : two, code));
      var answers = Crowd.send(posts);
      assertThat(Crowd.kinds(answers)).hasSize(1);
      if (answers.get(0).statusCode() == 200) {
        assertThat(answers.stream().map(HttpResponse::body).distinct()).hasSize(1);
      }
      assertThat(instances.wechat().callsWith(code)).isEqualTo(1);
    }
  }

  @Test
  void sessionOfOneInstanceIsKnownToTheOther() {
    var token = one.tokenFor(code());
    two.session(token).then().statusCode(200);
    two.logout(token).then().statusCode(204);
    one.session(token).then().statusCode(401);
  }

  @Test
  void tokenOfOneInstanceIsIntrospectedAndRevokedAtTheOther() {
    var token = one.tokenFor(code());
    gateway(two).introspect(token).then().body("active", equalTo(true));
    gateway(two).revoke(token).then().statusCode(200);
    one.verify(token).then().statusCode(401);
    gateway(one).introspect(token).then().body("active", equalTo(false));
  }

  @Test
  void logoutEverywhereAppliesToBothInstances() {
    var user = newUser();
    var openid = instances.wechat().openidOf(APP.appid(), user);
    var tokens = List.of(one.tokenFor(codeOf(user)), two.tokenFor(codeOf(user)));
    gateway(two).sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(2));
    gateway(two).endSessions(APP.appid(), openid).then().statusCode(204);
    tokens.forEach(token -> one.verify(token).then().statusCode(401));
    gateway(one).sessions(APP.appid(), openid).then().body("sessions.size()", equalTo(0));
  }

  @Test
  void blockAppliesToBothInstances() {
    var user = newUser();
    var openid = instances.wechat().openidOf(APP.appid(), user);
    var token = one.tokenFor(codeOf(user));
    gateway(two).block(APP.appid(), openid, "").then().statusCode(204);
    one.verify(token).then().statusCode(401);
    one.login(codeOf(user)).then().spec(problem("user-blocked", 403, "none"));
    gateway(one).unblock(APP.appid(), openid).then().statusCode(204);
    two.login(codeOf(user)).then().statusCode(200);
  }

  /** Logins on one instance and blocks on the other, which begin a little later in some rounds. */
  @Test
  @Tag("long")
  void noSessionSurvivesAThousandRacesBetweenLoginsAndBlocks() {
    var kinds = new TreeMap<String, Long>();
    for (int round = 0; round < 20; round++) {
      var users = Stream.generate(Codes::newUser).limit(50).toList();
      var logins = users.stream().map(user -> Crowd.send(Crowd.login(one, codeOf(user)))).toList();
      for (int calls = round % 4; calls > 0; calls--) {
        two.verify("unknown").then().statusCode(401);
      }
      var openids = users.stream().map(user -> instances.wechat().openidOf(APP.appid(), user));
      var blocks = Crowd.send(openids.map(openid -> Crowd.block(two, APP.appid(), openid)));
      assertThat(Crowd.kinds(blocks)).containsExactly(entry("204", 50L));
      var answers = logins.stream().map(CompletableFuture::join).toList();
      Crowd.kinds(answers).forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
      var tokens =
          answers.stream()
              .filter(answer -> answer.statusCode() == 200)
              .map(answer -> JsonPath.from(answer.body()).getString("access_token"));
      var checks = Crowd.send(tokens.map(token -> Crowd.verify(instances.one(), token)));
      assertThat(Crowd.kinds(checks).keySet()).isSubsetOf("401 token-invalid");
    }
    // Each side wins some races.
    assertThat(kinds).containsKeys("200", "403 user-blocked");
  }

  @Test
  void codeOfACrashedInstanceIsNotSentAgain() {
    var code = code("delay=2500");
    try (var dying = instances.surroundings().service().start()) {
      Crowd.send(Crowd.login(dying, code));
      await().until(() -> instances.wechat().callsWith(code) == 1);
      var watch = Stopwatch.start();
      var answer = Crowd.send(Crowd.login(one, code));
      dying.kill();
      assertThat(answer.join().statusCode()).isEqualTo(504);
      assertThat(answer.join().body()).contains("urn:mini-login:problem:wechat-timeout");
      assertThat(watch.elapsed()).isLessThan(Duration.ofSeconds(5));
      assertThat(instances.wechat().callsWith(code)).isEqualTo(1);
    }
  }

  @Test
  void retryAfterADisconnectReturnsTheSession() throws IOException {
    var code = code("delay=1500");
    try (var caller = new RawHttp(one.traffic())) {
      caller.send(RawHttp.post("{\"code\":\"%s\",\"appid\":\"%s\"}".formatted(code, APP.appid())));
      await().until(() -> instances.wechat().callsWith(code) == 1);
    }
    one.session(one.tokenFor(code)).then().statusCode(200);
    assertThat(instances.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void repeatedRefusalHasTheSameRetryAfter() {
    var code = code("errcode=45011");
    var first = one.login(code).then().statusCode(429).extract().header("Retry-After");
    two.login(code).then().statusCode(429).header("Retry-After", first);
    assertThat(instances.wechat().callsWith(code)).isEqualTo(1);
  }

  private static GatewayClient gateway(Client client) {
    return new GatewayClient(client);
  }
}
