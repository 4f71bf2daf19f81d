package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.Stopped;
import io.minilogin.it.gateway.Stage.Addresses;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The nginx configuration of the README. It is less convenient than the one of the nginx page, but
 * equally safe.
 */
@Tag("long")
@Tag("jar")
class ReadmeIT extends RunningGateway implements IdentityContract {
  @Override
  String program() {
    return "nginx";
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    return Nginx.command(program, directory, Nginx.recipe("README.md", addresses));
  }

  @Test
  void missingTokenIsRefused() {
    var path = Stage.path();
    stage()
        .client()
        .request()
        .get(path)
        .then()
        .statusCode(401)
        .header("WWW-Authenticate", equalTo("Bearer realm=\"mini-login\""));
    assertThat(stage().backend().saw(path)).isFalse();
  }

  @Test
  void outageDoesNotAskForALogin() {
    var path = Stage.path();
    var token = stage().client().tokenFor(code());
    try (var redis = Stopped.process(stage().surroundings().redis().pid())) {
      var response = stage().client().bearing(token).get(path);
      response.then().statusCode(503).header("Retry-After", equalTo("1"));
    }
    assertThat(stage().backend().saw(path)).isFalse();
  }
}
