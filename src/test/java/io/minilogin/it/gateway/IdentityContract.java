package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.RawHttp;
import io.minilogin.it.Surroundings;
import io.minilogin.it.gateway.EchoBackend.Echo;
import io.restassured.http.Header;
import io.restassured.http.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend receives the identity of a request only from mini-login. */
interface IdentityContract {
  int USERS = 8;
  int REQUESTS_OF_A_USER = 20;

  Stage stage();

  @Test
  default void backendReceivesTheIdentityOfAValidToken() {
    var user = newUser();
    var token = stage().client().tokenFor(codeOf(user));
    var path = Stage.path() + "?page=2&name=%E5%BC%A0";
    var echo = Echo.in(stage().client().bearing(token).get(path));
    assertThat(echo.method()).isEqualTo("GET");
    assertThat(echo.uri()).isEqualTo(path);
    assertThat(IdentityHeaders.in(echo)).containsExactlyInAnyOrderElementsOf(identityOf(user));
  }

  @Test
  default void concurrentUsersAreNotMixedUp() {
    // The common pool has only as many threads as the machine has cores.
    var users = Executors.newFixedThreadPool(USERS);
    IntStream.range(0, USERS)
        .mapToObj(i -> CompletableFuture.runAsync(this::assertIdentityIsStable, users))
        .toList()
        .forEach(CompletableFuture::join);
    users.shutdown();
  }

  @Test
  default void tokenIsNotSentToTheBackend() {
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
  default void forgedIdentityHeaderIsRemoved(String name) {
    var user = newUser();
    var echo = withForged(name, stage().client().tokenFor(codeOf(user)));
    assertThat(IdentityHeaders.in(echo)).containsExactlyInAnyOrderElementsOf(identityOf(user));
  }

  /** Tests every byte that a backend may treat like a dash. */
  @Test
  default void forgedIdentityHeaderWithAnySeparatorIsRemoved() throws IOException {
    var token = stage().client().tokenFor(code());
    for (int i = 0; i < 256; i++) {
      // A colon or a line break would end the name.
      if (i != ':' && i != '\n') {
        var forged = "X" + (char) i + "WX" + (char) i + "OPENID: forged";
        var request = RawHttp.get(Stage.path(), "Authorization: Bearer " + token, forged);
        var answer = RawHttp.exchange(stage().client().traffic(), request);
        var isName = Character.isLetterOrDigit(i) && i < 128;
        assertThat(answer.text()).as("byte %d", i).startsWith("HTTP/1.");
        assertThat(answer.text().contains("forged")).as("byte %d", i).isIn(false, isName);
      }
    }
  }

  @Test
  default void forgedUnionidIsRemovedIfTheUserHasNone() {
    var user = newUser();
    var echo = withForged("X-WX-UNIONID", stage().client().tokenFor(codeOf(user, "no-unionid")));
    assertThat(IdentityHeaders.in(echo))
        .filteredOn(line -> !line.strip().equals("x-wx-unionid:"))
        .containsExactlyInAnyOrder(
            "x-wx-openid: " + openid(user),
            "x-wx-appid: " + Surroundings.APP.appid(),
            "x-wx-source: wx_client");
  }

  /** Headers that Connection names are hop-by-hop, so some gateways remove them. */
  @Test
  default void connectionHeaderDoesNotRemoveTheIdentity() {
    var user = newUser();
    var token = stage().client().tokenFor(codeOf(user));
    var request = stage().client().bearing(token);
    var echo =
        Echo.in(
            request
                .header("Connection", "close, X-WX-OPENID, X-WX-APPID, X-WX-UNIONID, X-WX-SOURCE")
                .get(Stage.path()));
    assertThat(IdentityHeaders.in(echo)).containsExactlyInAnyOrderElementsOf(identityOf(user));
  }

  private void assertIdentityIsStable() {
    var user = newUser();
    var token = stage().client().tokenFor(codeOf(user));
    for (int i = 0; i < REQUESTS_OF_A_USER; i++) {
      var echo = Echo.in(stage().client().bearing(token).get(Stage.path()));
      assertThat(IdentityHeaders.in(echo)).containsExactlyInAnyOrderElementsOf(identityOf(user));
    }
  }

  private Echo withForged(String name, String token) {
    var headers = new ArrayList<>(List.of(new Header("Authorization", "Bearer " + token)));
    IdentityHeaders.spellings(name)
        .forEach(spelling -> headers.add(new Header(spelling, "forged")));
    var request = stage().client().request().headers(new Headers(headers));
    var echo = Echo.in(request.get(Stage.path()));
    assertThat(echo.headers()).noneMatch(line -> line.contains("forged"));
    return echo;
  }

  private List<String> identityOf(String user) {
    return List.of(
        "x-wx-openid: " + openid(user),
        "x-wx-appid: " + Surroundings.APP.appid(),
        "x-wx-unionid: " + stage().surroundings().wechat().unionidOf(user),
        "x-wx-source: wx_client");
  }

  private String openid(String user) {
    return stage().surroundings().wechat().openidOf(Surroundings.APP.appid(), user);
  }
}
