package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** {@code docs/gateways/haproxy.md}: the configuration and the script it loads. */
@Tag("long")
class HaproxyIT extends GatewayContract {
  @Override
  String program() {
    return "haproxy";
  }

  @Override
  public void isFailure(Response response) {
    OutageContract.asksToRetry(response);
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    var recipe =
        Haproxy.recipe(addresses.port(), addresses.backend())
            .with("mini-login:8080", addresses.miniLogin());
    return Haproxy.command(program, directory, addresses.port(), recipe);
  }
}
