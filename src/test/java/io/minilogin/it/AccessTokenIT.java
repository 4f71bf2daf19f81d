package io.minilogin.it;

import static io.minilogin.it.BackendClient.assertProblem;
import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.problemForNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import io.minilogin.dev.WechatSimulator.Request;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All instances share one access token for phone numbers and for calls of backends. No login needs
 * the access token.
 */
@Tag("long")
@Order(1)
class AccessTokenIT {
  private static final String STABLE_TOKEN = "/cgi-bin/stable_token";
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final List<App> APPS = Surroundings.ALL_APPS;

  @RegisterExtension private static final Started started = new Started();
  private static final Surroundings surroundings = started.add(Surroundings.of(APPS));
  private static final WechatSimulator wechat = surroundings.wechat();
  private static final List<ServiceProcess> services =
      started.addAll(
          BackendClient.knownTo(surroundings.serviceOf(APPS)),
          BackendClient.knownTo(surroundings.serviceOf(APPS)));
  private static final ServiceProcess one = services.get(0);
  private static final ServiceProcess two = services.get(1);
  private static final BackendClient backend = BackendClient.of(one);
  private static final Iterator<App> apps = APPS.iterator();

  /** Each test uses its own app and therefore its own access token. */
  private final String appid = apps.next().appid();

  private final String target = "/echo/" + UUID.randomUUID() + "?from_appid=" + appid;

  @AfterEach
  void wechatGivesTokensAgain() {
    wechat.provoke(STABLE_TOKEN, "");
  }

  @Test
  void fortyConcurrentCallsOnTwoInstancesShareOneRefresh() {
    var token = one.client().tokenFor(code(), appid);
    assertThat(kindsOfFortyCalls(token)).containsOnlyKeys("200");
    assertThat(tokenCalls()).as("the first token").hasSize(1);

    wechat.expireAccessToken(appid);
    assertThat(kindsOfFortyCalls(token)).containsOnlyKeys("200");
    assertThat(tokenCalls()).as("one token more").hasSize(2);

    surroundings.redis().kill();
    surroundings.restartRedis();
    var again = one.client().tokenFor(code(), appid);
    assertThat(kindsOfFortyCalls(again)).containsOnlyKeys("200");
    assertThat(tokenCalls()).as("token after Redis lost the previous token").hasSize(3);
    assertThat(tokenCalls()).noneMatch(AccessTokenIT::isForced);
  }

  @Test
  void refreshIsForcedOnlyIfWechatReturnsTheRefusedTokenAgain() {
    var token = one.client().tokenFor(code(), appid);
    one.client().phoneNumber(token, code()).then().statusCode(200);

    wechat.rejectAccessToken(appid);
    assertThat(kindsOfFortyCalls(token)).containsOnlyKeys("200");
    assertThat(tokenCalls())
        .extracting(AccessTokenIT::isForced)
        .containsExactly(false, false, true);

    // WeChat does not allow another forced refresh yet: none is requested, and the call fails at
    // once.
    wechat.rejectAccessToken(appid);
    var code = code();
    two.client()
        .phoneNumber(token, code)
        .then()
        .spec(problemForNow("wechat-busy", 503, "new-code"))
        .header("Retry-After", "30");
    assertThat(tokenCalls()).filteredOn(AccessTokenIT::isForced).hasSize(1);
  }

  @Test
  void keyCheckAndKeyResetAlsoGetANewToken() {
    var token = one.client().tokenFor(code(), appid);
    for (int i = 0; i < 2; i++) {
      one.client().checkKey(token).then().statusCode(200).body("valid", equalTo(true));
      wechat.expireAccessToken(appid);
      two.client().resetKey(token).then().statusCode(204);
      wechat.expireAccessToken(appid);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"status=500", "reset", "delay=10000", "errcode=-1"})
  void loginsSucceedWhileNoAccessTokenIsAvailable(String words) {
    var token = one.client().tokenFor(code(), appid);
    wechat.provoke(STABLE_TOKEN, words);
    var calls = IntStream.range(0, 80).mapToObj(i -> Crowd.phoneNumber(one, token, code()));
    var watch = Stopwatch.start();
    assertThat(Crowd.send(calls))
        .extracting(HttpResponse::statusCode)
        .allSatisfy(status -> assertThat(status).isIn(502, 503, 504));
    assertThat(watch.elapsed()).isLessThan(DEADLINE);
    for (int i = 0; i < 50; i++) {
      one.client().login(code(), appid).then().statusCode(200);
    }
    one.client().session(token).then().statusCode(200);

    wechat.provoke(STABLE_TOKEN, "");
    await()
        .atMost(DEADLINE)
        .until(() -> one.client().phoneNumber(token, code()).statusCode() == 200);
  }

  @Test
  void rejectedSecretIsReportedToTheOperator() {
    var token = one.client().tokenFor(code(), appid);
    wechat.provoke(STABLE_TOKEN, "errcode=40125");
    for (int i = 0; i < 5; i++) {
      one.client()
          .phoneNumber(token, code())
          .then()
          .spec(problem("app-misconfigured", 502, "none"))
          .body("errcode", equalTo(40125));
    }
    assertThat(tokenCalls()).as("the first failure starts a pause").hasSize(1);
    await()
        .untilAsserted(
            () ->
                assertThat(one.lines())
                    .filteredOn(line -> line.contains("\"level\":\"WARN\"") && line.contains(appid))
                    .singleElement()
                    .asString()
                    .contains("40125"));
    assertThat(one.client().metrics())
        .contains(
            "mini_login_wechat_calls_seconds_count{app=\"%s\",call=\"stableToken\",outcome=\"app-misconfigured\"} 5"
                .formatted(appid))
        .contains(
            "mini_login_requests_seconds_count{operation=\"phone-number\",outcome=\"app-misconfigured\"}");
  }

  @Test
  void unavailableTokenIsAProblemThatSdksRetry() {
    wechat.provoke(STABLE_TOKEN, "errcode=40125");
    assertProblem(backend.get(target), 502, "app-misconfigured", -1);
  }

  @Test
  void floodOfCallsDoesNotDelayLogins() {
    // The first requests to a JVM are slow.
    IntStream.range(0, 100).forEach(i -> one.client().login(code(), appid));
    BackendClient.sendAll(
        IntStream.range(0, 100).mapToObj(i -> backend.to(target).build()).toList());
    // More calls than may be in flight and queued together.
    var flood =
        IntStream.range(0, 1500)
            .mapToObj(i -> backend.to(target + "&simulate=delay:3000").build())
            .toList();
    var flooded = CompletableFuture.supplyAsync(() -> BackendClient.sendAll(flood));
    for (int i = 0; i < 50; i++) {
      one.client().login(code(), appid).then().statusCode(200);
    }
    assertThat(flooded.join())
        .extracting(BackendClient::errcode)
        .as("some calls succeed, others exceed the limit")
        .contains(0, -1)
        .containsOnly(0, -1);
  }

  @Test
  void loginRequestsNoAccessToken() {
    one.client().login(code(), appid).then().statusCode(200);
    assertThat(tokenCalls()).isEmpty();
  }

  private Map<String, Long> kindsOfFortyCalls(String token) {
    var calls =
        IntStream.range(0, 40)
            .mapToObj(i -> Crowd.phoneNumber(i % 2 == 0 ? one : two, token, code()));
    return Crowd.kinds(Crowd.send(calls));
  }

  private List<Request> tokenCalls() {
    return wechat.requests(STABLE_TOKEN).stream()
        .filter(call -> call.body().contains(appid))
        .toList();
  }

  private static boolean isForced(Request call) {
    return call.body().contains("\"force_refresh\":true");
  }
}
