package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.Artefact;
import io.minilogin.it.gateway.EchoBackend.Echo;
import io.minilogin.it.gateway.Stage.Addresses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/gateways/spring-cloud-gateway.md}, whose project this project's build has built. */
class SpringCloudGatewayIT extends GatewayContract {
  @Override
  String program() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    var jar = Artefact.directory().resolve("gateways/spring-cloud-gateway/target/gateway-1.jar");
    return List.of(
        program.toString(),
        "-Xmx256m",
        // As for the service: it does not live long enough to profit from more.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-jar",
        jar.toString(),
        "--server.address=127.0.0.1",
        "--server.port=" + addresses.port(),
        "--mini-login.url=http://" + addresses.miniLogin(),
        "--backend.url=http://" + addresses.backend());
  }

  /** Spring drops what Connection names, after the filters have run. */
  @Test
  void noClientCanHaveTheIdentityDropped() {
    var token = stage().client().tokenFor(code());
    var request = stage().client().bearing(token).header("Connection", "X-WX-OPENID, x-wx-source");
    var echo = Echo.in(request.get(Stage.path()));
    assertThat(echo.values("x-wx-openid")).hasSize(1);
    assertThat(echo.values("x-wx-source")).containsExactly("wx_client");
  }

  /** Spring matches routes with the path as it comes. */
  @Test
  void whatLeadsOutOfSessionIsNotMiniLogins() {
    var path = "/session/../orders";
    assertThat(stage().client().request().get(path).statusCode()).isEqualTo(401);
    var token = stage().client().tokenFor(code());
    assertThat(Echo.in(stage().client().bearing(token).get(path)).uri()).isEqualTo(path);
  }

  @Test
  void withoutMiniLoginTheAnswerSaysWhenToTryAgain() throws IOException {
    var token = stage().client().tokenFor(code());
    stage().line().close();
    try {
      stage()
          .client()
          .bearing(token)
          .get(Stage.path())
          .then()
          .statusCode(503)
          .header("Content-Type", equalTo("application/problem+json"))
          .header("Cache-Control", equalTo("no-store"))
          .header("Retry-After", equalTo("2"))
          .body("status", equalTo(503))
          .body("action", equalTo("retry"));
    } finally {
      stage().line().reopen();
    }
  }
}
