package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.Surroundings;
import io.minilogin.it.gateway.EchoBackend.Echo;
import io.restassured.http.Header;
import io.restassured.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend learns from mini-login who is behind a request, and from nobody else. */
interface IdentityContract {
  Stage stage();

  @Test
  default void theBackendSeesWhoIsBehindAValidToken() {
    var user = newUser();
    var token = stage().client().tokenFor(codeOf(user));
    var path = Stage.path() + "?page=2&name=%E5%BC%A0";
    var echo = Echo.in(stage().client().bearing(token).get(path));
    assertThat(echo.method()).isEqualTo("GET");
    assertThat(echo.uri()).isEqualTo(path);
    assertThat(identityIn(echo))
        .containsExactlyInAnyOrder(
            "x-wx-openid: " + openid(user),
            "x-wx-appid: " + Surroundings.APP.appid(),
            "x-wx-unionid: " + stage().surroundings().wechat().unionidOf(user),
            "x-wx-source: wx_client");
  }

  @Test
  default void theTokenStaysHere() {
    var token = stage().client().tokenFor(code());
    var echo = Echo.in(stage().client().bearing(token).get(Stage.path()));
    assertThat(echo.headers()).noneMatch(line -> line.contains(token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-WX-OPENID",
        "X-WX-APPID",
        "X-WX-UNIONID",
        "X-WX-SOURCE",
        "X-WX-FROM-OPENID",
        "X-WX-FROM-APPID",
        "X-WX-FROM-UNIONID"
      })
  default void aForgedHeaderNeverReachesTheBackend(String name) {
    var user = newUser();
    var echo = withForged(name, stage().client().tokenFor(codeOf(user)));
    assertThat(identityIn(echo))
        .containsExactlyInAnyOrder(
            "x-wx-openid: " + openid(user),
            "x-wx-appid: " + Surroundings.APP.appid(),
            "x-wx-unionid: " + stage().surroundings().wechat().unionidOf(user),
            "x-wx-source: wx_client");
  }

  @Test
  default void nobodyGetsAUnionidThatWechatDidNotGive() {
    var user = newUser();
    var echo = withForged("X-WX-UNIONID", stage().client().tokenFor(codeOf(user, "no-unionid")));
    assertThat(identityIn(echo))
        .filteredOn(line -> !line.strip().equals("x-wx-unionid:"))
        .containsExactlyInAnyOrder(
            "x-wx-openid: " + openid(user),
            "x-wx-appid: " + Surroundings.APP.appid(),
            "x-wx-source: wx_client");
  }

  private Echo withForged(String name, String token) {
    var headers = new ArrayList<>(List.of(new Header("Authorization", "Bearer " + token)));
    spellings(name).forEach(spelling -> headers.add(new Header(spelling, "forged")));
    var request = stage().client().request().headers(new Headers(headers));
    var echo = Echo.in(request.get(Stage.path()));
    assertThat(echo.headers()).noneMatch(line -> line.contains("forged"));
    return echo;
  }

  /** With each dash as it is, as a dot and as an underscore, in several cases. */
  private static List<String> spellings(String name) {
    var all = List.of("");
    for (var letter : name.split("")) {
      var choices = letter.equals("-") ? List.of("-", "_", ".") : List.of(letter);
      all = all.stream().flatMap(one -> choices.stream().map(one::concat)).toList();
    }
    var chosen = new ArrayList<String>();
    for (int i = 0; i < all.size(); i++) {
      var upper = all.get(i);
      var lower = upper.toLowerCase(Locale.ROOT);
      chosen.add(List.of(upper, lower, "X" + lower.substring(1)).get(i % 3));
    }
    return chosen;
  }

  /** Every header that somebody could take for one of WeChat's, as they might read it. */
  private static List<String> identityIn(Echo echo) {
    return echo.headers().stream()
        .map(
            line -> {
              var name = line.substring(0, line.indexOf(':'));
              var folded = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
              return folded + line.substring(name.length());
            })
        .filter(line -> line.startsWith("x-wx-"))
        .toList();
  }

  private String openid(String user) {
    return stage().surroundings().wechat().openidOf(Surroundings.APP.appid(), user);
  }
}
