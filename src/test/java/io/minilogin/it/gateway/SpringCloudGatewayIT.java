package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.Artefact;
import io.minilogin.it.gateway.EchoBackend.Echo;
import io.minilogin.it.gateway.Stage.Addresses;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests {@code docs/gateways/spring-cloud-gateway.md}, whose project was built by the build of this
 * project.
 */
@Tag("long")
@Tag("jar")
class SpringCloudGatewayIT extends GatewayContract implements QuestionContract {
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
        // A gateway in a test ends before more optimization pays off, as for the service.
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-jar",
        jar.toString(),
        "--server.address=127.0.0.1",
        "--server.port=" + addresses.port(),
        "--mini-login.url=http://" + addresses.miniLogin(),
        "--backend.url=http://" + addresses.backend());
  }

  /** Spring matches routes against the unnormalized path. */
  @Test
  void pathThatLeavesSessionIsRoutedToTheBackend() {
    var path = "/session/../orders";
    assertThat(stage().client().request().get(path).statusCode()).isEqualTo(401);
    var token = stage().client().tokenFor(code());
    assertThat(Echo.in(stage().client().bearing(token).get(path)).uri()).isEqualTo(path);
  }
}
