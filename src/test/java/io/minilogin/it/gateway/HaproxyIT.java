package io.minilogin.it.gateway;

import static io.minilogin.it.Codes.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.it.gateway.Stage.Addresses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests {@code docs/gateways/haproxy.md}: the configuration and the script that it loads. */
@Tag("long")
@Tag("jar")
class HaproxyIT extends GatewayContract implements QuestionContract, LoginFloodContract {
  @Override
  String program() {
    return "haproxy";
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    var recipe =
        Haproxy.recipe(addresses.port(), addresses.backend())
            .with("mini-login:8080", addresses.miniLogin());
    return Haproxy.command(program, directory, addresses.port(), recipe);
  }

  /** Thousands of users may share one address. */
  @Test
  void successfulLoginsAreNotRateLimited() throws IOException {
    try (var users = Caller.from("127.0.0.13", stage())) {
      for (int i = 0; i < 200; i++) {
        assertThat(users.login(code()).status()).isEqualTo(200);
      }
    }
  }
}
