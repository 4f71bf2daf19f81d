package io.minilogin.it;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.gateway.Installed;
import io.restassured.path.json.JsonPath;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the development page in a real browser if Chromium is installed. With {@code
 * -Dphotographs=true}, it takes screenshots. One service and one browser serve all tests, one after
 * another.
 */
@Tag("long")
@Tag("jar")
@Order(1)
class PageIT {
  private static final List<String> STORIES =
      List.of("twice", "outage", "rotation", "relay", "payment", "leave");

  @RegisterExtension private static final Started STARTED = new Started();
  private static ServiceProcess service;
  private static Browser page;

  @BeforeAll
  static void start() {
    Browser.requireInstalled();
    service = STARTED.add(DevelopmentJar.service().start());
    page = STARTED.add(Browser.start(service.traffic()));
  }

  @AfterEach
  void nothingIsWrong() {
    assertThat(page.errors()).isEmpty();
    assertThat(
            page.evaluate(
                "return performance.getEntriesByType('resource').map(it => it.name)"
                    + ".filter(it => !it.startsWith(location.origin))"))
        .isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void everyStoryIsToldToItsEnd(String language) {
    page.open(language, Browser.DESKTOP);
    for (var story : STORIES) {
      page.one("#clear").click();
      page.one("#stories [data-story='" + story + "']").click();
      page.await(() -> !page.text("#outcome").isEmpty());
      assertThat(page.one("#outcome").getAttribute("class")).as(page.text("#outcome")).isEmpty();
      assertThat(page.count("#steps li.done")).isEqualTo(page.count("#steps li"));
      assertThat(page.text("#commands")).contains("curl", service.traffic().toString());
      // Redis goes down and is back: two events. A check may fail after them, but Redis may not.
      assertThat(
              page.evaluate(
                  """
                  const late = "#messages > .event ~ .event ~ .failure[data-from='REDIS']"
                  return [...document.querySelectorAll(late)].map(it => it.innerText)
                  """))
          .as(story)
          .isEqualTo(List.of());
      page.photograph(story + "-" + language);
      page.photographWindow(story + "-" + language);
      page.resize(Browser.PHONE);
      page.evaluate("const it = document.querySelector('#scroll'); it.scrollTop = it.scrollHeight");
      assertThat(page.isWiderThanItsWindow()).as(story).isFalse();
      page.photograph(story + "-" + language + "-phone");
      page.resize(Browser.DESKTOP);
    }
    var before = page.arrows().size();
    page.evaluate("document.querySelector('#scroll').scrollTop = 0");
    page.one("#replay").click();
    page.await(() -> page.arrows().size() > before && !page.text("#outcome").isEmpty());
    page.await(
        () ->
            page.evaluate(
                    "const it = document.querySelector('#scroll');"
                        + "return it.scrollTop + it.clientHeight >= it.scrollHeight - 1")
                .equals(true));
  }

  /** The shell of macOS refuses more than sh and bash: an unquoted question mark, for example. */
  @Test
  void commandsOfEachStoryRunInZsh() throws Exception {
    var zsh = Installed.program("zsh");
    Installed.program("curl");
    page.open("en", Browser.DESKTOP);
    var last =
        Map.of(
            "twice", "\"access_token\"",
            "outage", "\"openid\"",
            "rotation", "\"openid\"",
            "relay", "\"suggest\":\"pass\"",
            "payment", "\"signature\"",
            "leave", "token-invalid");
    for (var story : STORIES) {
      var commands =
          page.evaluate(
              "return import('./page/stories.js').then(it => it.commands('%s', location.origin, 'wx0000000000000000'))"
                  .formatted(story));
      var process =
          new ProcessBuilder(zsh.toString(), "-c", (String) commands)
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output.substring(output.lastIndexOf('{'))).as(output).contains(last.get(story));
    }
  }

  @Test
  void loginIsShownFromThePhoneToWechat() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    awaitLogin();
    page.awaitArrow("SERVICE → CLIENT 200");
    assertThat(keysOmitted(page.arrows()))
        .containsSubsequence(
            "CLIENT → WECHAT GET /simulator/login",
            "WECHAT → CLIENT 200",
            "CLIENT → SERVICE POST /login",
            "SERVICE → REDIS SET ml:c NX",
            "REDIS → SERVICE OK",
            "SERVICE → WECHAT GET /sns/jscode2session",
            "WECHAT → SERVICE 200",
            "SERVICE → REDIS SET ml:s",
            "REDIS → SERVICE OK",
            "SERVICE → CLIENT 200");
    page.await(() -> page.text("#keys").contains("alice · wx0000000000000000"));
    page.one("#language").click();
    assertThat(page.text("#keys")).contains("7 天").doesNotContain(" d", " min");
  }

  @Test
  void arrowOpensToShowTheRequestAndTheResponseWithoutSecrets() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    awaitLogin();
    page.awaitArrow("SERVICE → CLIENT 200");
    for (var call : List.of("POST /login", "GET /sns/jscode2session", "SET ml:s")) {
      page.one("li[data-text^='" + call + "'] .line").click();
      page.await(() -> page.count("li[data-text^='" + call + "'] .details pre") == 2);
    }
    assertThat(page.text("li[data-text='POST /login'] .details"))
        .containsPattern("\"access_token\":\"mlt_..…\"");
    assertThat(page.text("li[data-text^='GET /sns/jscode2session'] .details"))
        .containsPattern("secret=\\w{6}…")
        .containsPattern("\"session_key\":\"[^\"]{6}…\"");
    assertThat(page.text("li[data-text^='SET ml:s'] .details")).contains("sealed, ", "OK");
  }

  /** More than 200 requests at the same time. The numbers are the order of the diagram. */
  @Test
  void messagesAreInCausalOrder() {
    page.open("en", Browser.DESKTOP);
    IntStream.range(0, 110)
        .parallel()
        .forEach(
            i -> {
              var token = service.client().tokenFor("order" + i + ".1");
              assertThat(service.client().session(token).statusCode()).isEqualTo(200);
            });
    page.await(
        () -> page.evaluate("return document.querySelector('#no-messages').hidden").equals(true));
    List<Map<String, Object>> messages = state().getList("messages");
    var open = new HashMap<Object, String>();
    var exchanged = 0;
    for (var message : messages) {
      var text = String.valueOf(message.get("text"));
      if (message.get("kind").equals("CALL")) {
        // Every call of the service happens during a call of a client. Only the keys ml:r are read
        // at any time, after a rotation in another test.
        assertThat(
                message.get("from").equals("CLIENT")
                    || open.containsValue("CLIENT")
                    || text.contains(" ml:r"))
            .as(text)
            .isTrue();
        open.put(message.get("number"), String.valueOf(message.get("from")));
        exchanged += text.startsWith("GET /sns/jscode2session") ? 1 : 0;
      } else {
        assertThat(open.remove(message.get("call"))).as(text).isNotNull();
      }
    }
    assertThat(open).isEmpty();
    assertThat(exchanged).isEqualTo(110);
    assertThat(
            page.evaluate(
                "const numbers = [...document.querySelectorAll('#messages > [data-number]')]"
                    + ".map(it => Number(it.dataset.number));"
                    + "return numbers.every((it, i) => !i || it > numbers[i - 1])"))
        .isEqualTo(true);
  }

  @Test
  void quotaOfAMinuteIsCountedDownAndCanBeCleared() {
    page.open("en", Browser.DESKTOP);
    page.one("#errcode option[value='45011']").click();
    page.tap("login");
    page.await(() -> page.text("#result").startsWith("429 throttled"));
    assertThat(page.text("#countdown")).matches("Next login in (60|5\\d) s");
    page.photograph("quota");
    page.one("#stop-waiting").click();
    page.tap("login");
    awaitLogin();
    assertThat(page.one("#waiting").isDisplayed()).isFalse();
  }

  @Test
  void doubleTapAndAnotherDeviceAreTold() {
    page.open("en", Browser.DESKTOP);
    page.tap("otherDevice");
    page.await(() -> page.text("#result").startsWith("Another device of alice"));
    assertThat(page.text("#who")).isEqualTo("Logged out");
    page.tap("doubleTap");
    page.await(() -> page.text("#result").startsWith("Two posts of one code, one token"));
    awaitLogin();
    page.awaitArrow("SERVICE → CLIENT 200");
    assertThat(page.arrows()).filteredOn("CLIENT → SERVICE POST /login"::equals).hasSize(3);
    assertThat(page.arrows()).filteredOn(each -> each.contains("/sns/jscode2session")).hasSize(2);
  }

  @Test
  void userHasAnyNameButAnEmptyOne() {
    page.open("en", Browser.DESKTOP);
    page.enter("#user", "");
    assertThat(page.one("#user-problem").isDisplayed()).isTrue();
    page.tap("login");
    page.enter("#user", "小明");
    assertThat(page.one("#user-problem").isDisplayed()).isFalse();
    page.tap("login");
    awaitLogin();
    page.await(() -> page.text("#keys").contains("小明 · wx0000000000000000"));
    assertThat(page.arrows())
        .filteredOn(each -> each.contains("/sns/jscode2session"))
        .singleElement()
        .asString()
        .contains("/sns/jscode2session 小明.");
  }

  @Test
  void sessionOutlivesTwoRotationsInARow() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    awaitLogin();
    var before = page.stored();
    var first = page.text("#secret-state").substring(0, 4);
    page.one("#secret-switch").click();
    page.await(() -> page.text("#secret-state").contains("old: " + first));
    page.one("#secret-switch").click();
    page.await(
        () -> page.text("#secret-state").matches("(?s).{5} in use\nold: .{5} " + first + ".*"));
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("200"));
    assertThat(page.stored()).isEqualTo(before);
  }

  @Test
  void clearedDiagramStaysClearedAfterAReload() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    page.awaitArrow("SERVICE → CLIENT 200");
    page.one("#clear").click();
    page.await(() -> page.arrows().isEmpty());
    page.reload();
    assertThat(page.arrows()).isEmpty();
    assertThat(page.one("#no-messages").isDisplayed()).isTrue();
  }

  @Test
  void waitingIsVisible() {
    page.open("en", Browser.DESKTOP);
    page.one("#delay option[value='2000']").click();
    page.tap("login");
    page.await(() -> page.text("#result").equals("Waiting for the answer: 1 s"));
    assertThat(page.one("[data-action='login']").getAttribute("class")).isEqualTo("busy");
    awaitLogin();
    assertThat(page.one("[data-action='login']").getAttribute("class")).isEmpty();
  }

  @Test
  void outagesOfRedisAndOfTheServiceAreToldApart() {
    page.open("en", Browser.DESKTOP);
    page.one("#redis-switch").click();
    page.await(() -> page.text("#redis-state").equals("down"));
    page.await(() -> page.text("#redis-away").equals("Redis does not answer; mini-login does."));
    assertThat(page.one("#away").isDisplayed()).isFalse();
    page.one("#redis-switch").click();
    page.await(() -> page.text("#redis-state").equals("answers"));
    page.setOffline(true);
    try {
      page.await(() -> page.text("#away").startsWith("mini-login does not answer"));
    } finally {
      page.setOffline(false);
    }
    page.await(() -> !page.one("#away").isDisplayed());
    page.forgetErrors(); // of the requests while offline
  }

  @Test
  void wechatOutageFailsOnlyLogins() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    awaitLogin();
    page.one("#wechat-switch").click();
    page.await(() -> page.text("#wechat-state").equals("down"));
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("200"));
    page.tap("login");
    page.await(() -> page.text("#result").matches("(?s)50[23] .*"));
    page.awaitArrow("WECHAT → SERVICE connection closed");
    page.one("#wechat-switch").click();
    page.await(() -> page.text("#wechat-state").equals("answers"));
  }

  @Test
  void userInfoAndPhoneNumberComeFromWechat() {
    page.open("en", Browser.DESKTOP);
    page.tap("openData");
    page.await(() -> page.text("#result").contains("nickName"));
    // The other device gets a new session key from WeChat, and the old key cannot decrypt new data
    // of the phone.
    page.tap("otherDevice");
    page.await(() -> page.text("#result").startsWith("Another device"));
    page.tap("openData");
    page.await(() -> page.text("#result").contains("nickName"));
    page.tap("phoneNumber");
    page.await(() -> page.text("#result").contains("purePhoneNumber"));
    assertThat(page.arrows())
        .contains(
            "CLIENT → WECHAT GET /simulator/user-info",
            "CLIENT → WECHAT GET /simulator/phone-number");
    page.tap("logout");
    page.await(() -> page.text("#who").equals("Logged out"));
  }

  @Test
  void userHasOneUnionidInBothApps() {
    page.open("en", Browser.DESKTOP);
    page.tap("session");
    page.await(() -> page.text("#result").startsWith("200"));
    var first = page.text("#result");
    page.one("#app option[value='wx1111111111111111']").click();
    page.tap("session");
    page.await(() -> page.text("#result").contains("wx1111111111111111"));
    var second = page.text("#result");
    assertThat(property(second, "unionid")).isEqualTo(property(first, "unionid"));
    assertThat(property(second, "openid")).isNotEqualTo(property(first, "openid"));
  }

  @Test
  void gatewayAndBackendAsk() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    awaitLogin();
    page.tap("verify");
    page.await(() -> page.text("#verdict").startsWith("200"));
    assertThat(page.text("#verdict")).contains("x-wx-openid: o");
    page.enter("#content", "risky");
    page.tap("checkText");
    page.await(() -> page.text("#verdict").contains("\"suggest\": \"risky\""));
    page.awaitArrow("SERVICE → BACKEND 200");
    assertThat(page.arrows())
        .containsSubsequence(
            "BACKEND → SERVICE GET /verify",
            "BACKEND → SERVICE POST /wechat/wxa/msg_sec_check",
            "SERVICE → WECHAT POST /wxa/msg_sec_check",
            "WECHAT → SERVICE 200",
            "SERVICE → BACKEND 200");
  }

  @Test
  void paymentIsShownFromTheButtonToTheDelivery() {
    page.open("en", Browser.DESKTOP);
    page.one("#stories [data-story='payment']").click();
    page.await(() -> !page.text("#outcome").isEmpty());
    assertThat(keysOmitted(page.arrows()))
        .map(each -> each.replaceAll("/o[\\w-]{27}/", "/{openid}/"))
        .containsSubsequence(
            "BACKEND → SERVICE POST /users/wx0000000000000000/{openid}/signature",
            "SERVICE → BACKEND 200",
            "CLIENT → WECHAT POST /simulator/virtual-payment",
            "WECHAT → SERVICE POST /push/wx0000000000000000",
            "SERVICE → BACKEND POST /simulator/backend/events",
            "BACKEND → SERVICE 200",
            "SERVICE → WECHAT 200");
  }

  @Test
  void pagesOwnRequestsAreNotThePhones() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    awaitLogin();
    page.reload();
    page.awaitArrow("SERVICE → CLIENT 200");
    assertThat(page.arrows())
        .filteredOn(each -> each.startsWith("CLIENT → SERVICE"))
        .containsExactly("CLIENT → SERVICE POST /login");
  }

  @Test
  void keysCanBeSelected() {
    page.open("en", Browser.DESKTOP);
    page.tap("login");
    page.await(() -> page.text("#keys").contains("alice · wx0000000000000000"));
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#keys td'))");
    var selected = page.evaluate("return String(getSelection())");
    assertThat(String.valueOf(selected)).startsWith("ml:u:");
    // The remaining time changes every second.
    var end = page.text("#keys");
    page.await(() -> !page.text("#keys").equals(end));
    assertThat(page.evaluate("return String(getSelection())")).isEqualTo(selected);
  }

  @ParameterizedTest
  @CsvSource({"en, 1280, light", "zh, 1280, dark", "en, 390, dark", "zh, 390, light"})
  void pageFitsAndIsAccessible(String language, int width, String scheme) {
    var size = width == 1280 ? Browser.DESKTOP : Browser.PHONE;
    page.open(language, size, scheme);
    page.tap("phoneNumber");
    page.await(() -> page.text("#result").contains("purePhoneNumber"));
    page.await(() -> page.text("#keys").contains("wx0000000000000000"));
    page.one("#stories [data-story='twice']").click();
    page.await(() -> !page.text("#outcome").isEmpty());
    assertThat(page.isWiderThanItsWindow()).isFalse();
    assertThat(page.isCut("#app", "wx0000000000000000")).isFalse();
    assertThat(page.overlaps("section")).isEmpty();
    assertThat(page.overlaps("button, input, select, h1, h2")).isEmpty();
    var faults = page.box("#faults");
    if (size.equals(Browser.DESKTOP)) {
      assertThat(faults.bottom()).isLessThanOrEqualTo(size.height());
    } else {
      assertThat(page.box("#chart").top()).isGreaterThan(page.box("#phone").bottom());
      assertThat(page.box("#faults").top()).isGreaterThan(page.box("#chart").bottom());
    }
    // A long answer moves nothing.
    page.one("#errcode option[value='45011']").click();
    page.tap("login");
    page.await(() -> page.text("#result").startsWith("429"));
    assertThat(page.box("#faults").top()).isEqualTo(faults.top());
    page.photograph("page-" + language + "-" + width);
    assertThat(page.accessibilityViolations()).isEmpty();
  }

  private static void awaitLogin() {
    page.await(() -> page.one("#who").getAttribute("data-logged-in").equals("true"));
  }

  private static JsonPath state() {
    return given().baseUri(service.traffic().toString()).get("/development/state").jsonPath();
  }

  /** Returns the arrows without the part of a key, and of a code, that is different each time. */
  private static List<String> keysOmitted(List<String> arrows) {
    return arrows.stream()
        .map(each -> each.replaceAll("(ml:\\w):[\\w-]+", "$1").replaceAll("(session) \\S+$", "$1"))
        .toList();
  }

  private static String property(String answer, String name) {
    return answer.replaceAll("(?s).*\"" + name + "\": \"([^\"]+)\".*", "$1");
  }
}
