package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.gateway.RefusalContract.isProblem;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.gateway.EchoBackend.Echo;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A browser page of a listed origin may call and read every answer. Its preflight requests have no
 * token: the gateway itself answers them.
 */
interface CorsContract {
  String LISTED = "https://h5.example.com";
  String ALLOW_ORIGIN = "Access-Control-Allow-Origin";

  Stage stage();

  /** During an outage of mini-login, so that only the gateway can answer. */
  @Test
  default void preflightOfAListedOriginIsAnsweredByTheGateway() throws IOException {
    var path = Stage.path();
    stage().line().close();
    try {
      for (var target : List.of(path, "/login", "/session", "/session/open-data", "/sessions")) {
        var response = preflight(LISTED).options(target);
        assertThat(response.statusCode()).isIn(200, 204);
        allows(response);
        assertThat(response.header("Access-Control-Allow-Methods")).contains("POST", "DELETE");
        assertThat(response.header("Access-Control-Allow-Headers"))
            .containsIgnoringCase("authorization")
            .containsIgnoringCase("content-type");
      }
    } finally {
      stage().line().reopen();
    }
    assertThat(stage().backend().saw(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://h5.example.com.example.org",
        "https://not-h5.example.com",
        "http://h5.example.com",
        "https://h5.example.com:8443",
        "https://h5xexample.com",
        "null",
        "*"
      })
  default void preflightOfAnotherOriginIsNotAllowed(String origin) {
    var path = Stage.path();
    var response = preflight(origin).options(path);
    assertThat(response.header(ALLOW_ORIGIN)).isNull();
    assertThat(stage().backend().saw(path)).isFalse();
  }

  @Test
  default void optionsWithoutPreflightIsChecked() {
    var path = Stage.path();
    isProblem(fromPage(LISTED).options(path), "token-missing", 401, "login");
    isProblem(
        stage().client().request().header("Access-Control-Request-Method", "POST").options(path),
        "token-missing",
        401,
        "login");
    assertThat(stage().backend().saw(path)).isFalse();
    var token = stage().client().tokenFor(code());
    var echo = Echo.in(fromPage(LISTED).header("Authorization", "Bearer " + token).options(path));
    assertThat(echo.method()).isEqualTo("OPTIONS");
  }

  @Test
  default void pageOfAListedOriginMayReadEveryAnswer() {
    var token = stage().client().tokenFor(code());
    allows(fromPage(LISTED).header("Authorization", "Bearer " + token).get(Stage.path()));
    allows(fromPage(LISTED).header("Authorization", "Bearer " + token).get("/session"));
    var refusal = fromPage(LISTED).get(Stage.path());
    isProblem(refusal, "token-missing", 401, "login");
    allows(refusal);
    isProblem(fromPage(LISTED).get("/session"), "token-missing", 401, "login");
    allows(fromPage(LISTED).get("/session"));
  }

  @Test
  default void pageOfAListedOriginMayReadTheErrorDuringAnOutage() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().line().close();
    try {
      for (var path : List.of("/session", Stage.path())) {
        var response = fromPage(LISTED).header("Authorization", "Bearer " + token).get(path);
        OutageContract.asksToRetry(response);
        allows(response);
        assertThat(response.header("Access-Control-Expose-Headers")).contains("Retry-After");
      }
    } finally {
      stage().line().reopen();
    }
  }

  /** WebSockets of mini programs have an Origin, too, so other origins are served as usual. */
  @Test
  default void requestsOfOtherOriginsAreServedButNotReadable() {
    var token = stage().client().tokenFor(code());
    var request = fromPage("https://servicewechat.com").header("Authorization", "Bearer " + token);
    request.get(Stage.path()).then().statusCode(200);
    var session = request.get("/session");
    assertThat(session.statusCode()).isEqualTo(200);
    assertThat(session.header(ALLOW_ORIGIN)).isNull();
    assertThat(fromPage("https://servicewechat.com").get(Stage.path()).header(ALLOW_ORIGIN))
        .isNull();
  }

  /**
   * Expects a single value, whatever the backend sends, and a Vary header so that caches keep the
   * answers for each origin apart.
   */
  private static void allows(Response response) {
    assertThat(response.headers().getValues(ALLOW_ORIGIN)).containsExactly(LISTED);
    assertThat(response.headers().getValues("Vary"))
        .anySatisfy(vary -> assertThat(vary).contains("Origin"));
    assertThat(response.header("Access-Control-Allow-Credentials")).isNull();
  }

  private RequestSpecification preflight(String origin) {
    return fromPage(origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type");
  }

  private RequestSpecification fromPage(String origin) {
    return stage().client().request().header("Origin", origin);
  }
}
