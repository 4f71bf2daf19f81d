package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests the development page in a real browser if Chromium is installed, and takes screenshots. */
@Tag("long")
@Tag("jar")
@Order(1)
class PageIT {
  private static final int DESKTOP = 1280;
  private static final int PHONE = 390;

  @RegisterExtension private static final Started STARTED = new Started();
  private static final Map<String, Browser> BROWSERS = new HashMap<>();
  private static ServiceProcess service;

  @Test
  void loginIsShownFromThePhoneToWechat() {
    var page = open("en-US", DESKTOP);
    page.tap("login");
    awaitLogin(page);
    page.await(() -> page.text("#session-answer").contains("openid"));
    page.await(() -> page.text("#keys").contains("ml:s:"));
    awaitArrows(page, "SERVICE → CLIENT 200", 3);

    var arrows = page.arrows();
    var code =
        arrows.stream()
            .filter(each -> each.startsWith("WECHAT → CLIENT "))
            .map(each -> each.replaceAll(".* ", ""))
            .findFirst()
            .orElseThrow();
    assertThat(arrows)
        .containsSubsequence(
            "CLIENT → WECHAT wx.login",
            "WECHAT → CLIENT " + code,
            "CLIENT → SERVICE POST /login",
            "SERVICE → WECHAT GET /sns/jscode2session " + code,
            "WECHAT → SERVICE 200",
            "SERVICE → CLIENT 200");
    assertThat(arrows).anyMatch(each -> each.matches("SERVICE → REDIS SET ml:s:.*"));
    assertThat(page.text("#verify-answer")).startsWith("200").contains("x-wx-openid: o");
    assertThat(page.text("#keys")).contains("ml:u:", "ml:c:");
    page.photograph("desktop");
    page.one("#language").click();
    page.photograph("desktop-zh");
    assertThatNothingIsWrong(page);
  }

  @Test
  void codePostedTwiceIsExchangedOnce() {
    var page = open("en-US", DESKTOP);
    page.tap("doubleTap");
    awaitArrows(page, "SERVICE → CLIENT 200", 2);
    page.await(() -> page.text("#result").contains("access_token"));
    var arrows = page.arrows();
    assertThat(arrows).filteredOn("CLIENT → SERVICE POST /login"::equals).hasSize(2);
    assertThat(arrows).filteredOn(each -> each.contains("/sns/jscode2session")).hasSize(1);
    assertThat(tokens(page)).hasSize(2).containsOnly(tokens(page).get(0));
    page.photograph("double-tap");
    assertThatNothingIsWrong(page);
  }

  @Test
  void redisOutageLogsNobodyOut() {
    var page = open("en-US", DESKTOP);
    page.tap("login");
    awaitLogin(page);
    page.await(() -> page.text("#session-answer").startsWith("200"));
    var before = saved(page);
    assertThat(before).contains("access_token");
    page.turn("redis-down", "redis-up");
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("503 store-unavailable"));
    page.await(() -> page.one("#redis-away").isDisplayed());
    assertThat(page.text("#who")).isEqualTo("Logged in");
    page.photograph("outage");
    page.turn("redis-up", "redis-down");
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("200"));
    // The session is the old one: the user did not log in again.
    assertThat(saved(page)).isEqualTo(before);
    assertThatNothingIsWrong(page);
  }

  @Test
  void wechatOutageFailsOnlyLogins() {
    var page = open("en-US", DESKTOP);
    page.tap("login");
    awaitLogin(page);
    page.turn("wechat-down", "wechat-up");
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("200"));
    page.tap("login");
    page.await(
        () -> page.text("#result").startsWith("502") || page.text("#result").startsWith("503"));
    awaitArrows(page, "WECHAT → SERVICE connection closed", 1);
    page.turn("wechat-up", "wechat-down");
    assertThatNothingIsWrong(page);
  }

  @Test
  void secretRotationLogsNobodyOut() {
    var page = open("en-US", DESKTOP);
    page.tap("login");
    awaitLogin(page);
    var before = saved(page);
    page.one("[data-switch='new-secret']").click();
    page.await(() -> service.lines().stream().anyMatch(line -> line.contains("has a new secret")));
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("200"));
    assertThat(saved(page)).isEqualTo(before);
    page.tap("login");
    page.await(() -> page.text("#result").contains("access_token"));
    assertThatNothingIsWrong(page);
  }

  @Test
  void userInfoAndPhoneNumberAreShown() {
    var page = open("en-US", DESKTOP);
    page.tap("openData");
    page.await(() -> page.text("#result").contains("nickName"));
    // The other device gets a new session key from WeChat, and the old key cannot decrypt new data
    // of the phone.
    page.tap("otherDevice");
    page.await(() -> page.text("#result").contains("access_token"));
    page.tap("openData");
    page.await(() -> page.text("#result").contains("nickName"));
    page.tap("phoneNumber");
    page.await(() -> page.text("#result").contains("purePhoneNumber"));
    page.tap("logout");
    page.await(() -> page.text("#who").equals("Logged out"));
    assertThatNothingIsWrong(page);
  }

  @Test
  void backendChecksATextWithWechat() {
    var page = open("en-US", DESKTOP);
    page.tap("login");
    awaitLogin(page);
    page.tap("clear");
    page.one("#content").sendKeys(" risky");
    page.tap("checkText");
    page.await(() -> page.text("#verdict").contains("\"suggest\": \"risky\""));
    awaitArrows(page, "SERVICE → BACKEND 200", 1);
    assertThat(page.arrows())
        .containsSubsequence(
            "BACKEND → SERVICE POST /wechat/wxa/msg_sec_check",
            "SERVICE → WECHAT POST /wxa/msg_sec_check",
            "WECHAT → SERVICE 200",
            "SERVICE → BACKEND 200");
    assertThat(page.text("body")).doesNotContain("access_token=", "a-secret-for-development-only");
    page.photograph("backend");
    assertThatNothingIsWrong(page);
  }

  @Test
  void nextFailureCanBeChosen() {
    var page = open("en-US", DESKTOP);
    page.one("#errcode option[value='40226']").click();
    page.tap("login");
    page.await(() -> page.text("#result").contains("what to do: "));
    awaitArrows(page, "WECHAT → SERVICE errcode 40226", 1);
    // For one second, the client answers with the failure of the previous call.
    page.await(
        () -> {
          page.tap("login");
          return page.text("#result").contains("access_token");
        });
    assertThatNothingIsWrong(page);
  }

  @Test
  void pageOnAPhoneIsChineseAndFits() {
    var page = open("zh-CN", PHONE);
    assertThat(page.text("h1")).contains("开发环境");
    page.tap("login");
    page.await(() -> page.text("#who").equals("已登录"));
    page.await(() -> page.text("#session-answer").contains("openid"));
    page.await(() -> page.text("#keys").contains("ml:s:"));
    assertThat(page.evaluate("return document.documentElement.scrollWidth"))
        .isEqualTo((long) PHONE);
    page.photograph("phone-zh");
    page.one("#language").click();
    assertThat(page.text("#who")).isEqualTo("Logged in");
    assertThatNothingIsWrong(page);
  }

  private Browser open(String language, int width) {
    if (service == null) {
      service = STARTED.add(DevelopmentJar.service().start());
    }
    var page = BROWSERS.computeIfAbsent(language, tag -> STARTED.add(Browser.start(tag)));
    page.open(service.traffic(), width);
    // Other tests have used the page before.
    page.tap("clear");
    return page;
  }

  private static void awaitLogin(Browser page) {
    page.await(() -> page.one("#who").getAttribute("data-logged-in").equals("true"));
  }

  /** Returns the login that the client has stored. */
  private static String saved(Browser page) {
    return String.valueOf(page.evaluate("return JSON.stringify(localStorage)"));
  }

  private static void awaitArrows(Browser page, String arrow, int count) {
    page.await(() -> page.arrows().stream().filter(arrow::equals).count() >= count);
  }

  private static List<String> tokens(Browser page) {
    return page.text("#result")
        .lines()
        .filter(line -> line.contains("access_token"))
        .map(String::strip)
        .toList();
  }

  private static void assertThatNothingIsWrong(Browser page) {
    assertThat(page.errors()).isEmpty();
    assertThat(
            page.evaluate(
                "return performance.getEntriesByType('resource').map(it => it.name)"
                    + ".filter(it => !it.startsWith(location.origin))"))
        .isEqualTo(List.of());
  }
}
