package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.tokenInvalid;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.dev.WechatSimulator.Call;
import io.minilogin.it.SharedService.Instances;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A login selects its app in the body, or else by WeChat's Referer. Apps share only the service.
 */
@ExtendWith(SharedService.class)
class SeveralAppsIT {
  private final Instances instances;
  private final Client client;

  SeveralAppsIT(Instances instances) {
    this.instances = instances;
    client = instances.one().client();
  }

  @Test
  void bodySelectsTheApp() {
    for (var app : List.of(APP, OTHER_APP)) {
      var code = code();
      client.login(code, app.appid()).then().statusCode(200);
      assertThat(calls(code)).extracting(Call::appid).containsExactly(app.appid());
    }
  }

  @Test
  void refererSelectsTheApp() {
    var code = code();
    loginFrom(referer(OTHER_APP.appid()), Map.of("code", code)).then().statusCode(200);
    assertThat(calls(code)).extracting(Call::appid).containsExactly(OTHER_APP.appid());
  }

  @Test
  void sameCodeInTwoAppsCountsAsTwoCodes() {
    var code = code();
    client.login(code, APP.appid()).then().statusCode(200);
    client.login(code, OTHER_APP.appid()).then().spec(problem("code-used", 400, "login"));
    assertThat(instances.wechat().callsWith(code)).isEqualTo(2);
  }

  @Test
  void appMustBeNamedIfSeveralAreConfigured() {
    var code = code();
    client.login(code).then().spec(problem("unknown-app", 400, "none"));
    assertThat(calls(code)).isEmpty();
  }

  @Test
  void unconfiguredAppIsUnknown() {
    var code = code();
    var appid = "wx3333333333333333";
    var answers =
        List.of(
            client.login(code, appid),
            loginFrom(referer(appid), Map.of("code", code)),
            new GatewayClient(client).sessions(appid, "an-openid"));
    for (var answer : answers) {
      answer
          .then()
          .spec(problem("unknown-app", 400, "none"))
          .body("detail", equalTo("The appid \"" + appid + "\" is not configured."));
    }
    assertThat(calls(code)).isEmpty();
  }

  @Test
  void sessionShowsItsApp() {
    var token = client.tokenFor(code(), OTHER_APP.appid());
    assertThat(client.session(token).then().statusCode(200).extract().<String>path("appid"))
        .isEqualTo(OTHER_APP.appid());
  }

  @Test
  void logoutEverywhereEndsTheSessionsOfOneAppOnly() {
    var user = newUser();
    var here = client.tokenFor(codeOf(user), APP.appid());
    var hereToo = client.tokenFor(codeOf(user), APP.appid());
    var there = client.tokenFor(codeOf(user), OTHER_APP.appid());
    client.logoutEverywhere(here).then().statusCode(204);
    client.session(here).then().spec(tokenInvalid());
    client.session(hereToo).then().spec(tokenInvalid());
    client.session(there).then().statusCode(200);
  }

  @Test
  void rejectedAppIsLoggedOncePerMinuteAndCounted() {
    var apps = List.of(Instances.unusedApp(), Instances.unusedApp());
    for (int i = 0; i < 3; i++) {
      apps.forEach(app -> client.login(code("errcode=40125"), app.appid()));
    }
    for (var app : apps) {
      await()
          .untilAsserted(
              () ->
                  assertThat(instances.one().lines())
                      .filteredOn(
                          line -> line.contains("\"level\":\"WARN\"") && line.contains(app.appid()))
                      .hasSize(1));
      assertThat(client.metrics())
          .contains(
              "mini_login_logins_total{app=\"%s\",outcome=\"app-misconfigured\"} 3.0"
                  .formatted(app.appid()));
    }
  }

  private List<Call> calls(String code) {
    return instances.wechat().calls().stream().filter(c -> c.code().equals(code)).toList();
  }

  private static String referer(String appid) {
    return "https://servicewechat.com/" + appid + "/1/page-frame.html";
  }

  private Response loginFrom(String referer, Map<String, String> body) {
    return client
        .request()
        .header("Referer", referer)
        .contentType("application/json")
        .body(body)
        .post("/login");
  }
}
