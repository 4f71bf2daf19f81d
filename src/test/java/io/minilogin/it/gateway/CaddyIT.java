package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Tests {@code docs/gateways/caddy.md} with additional global options of Caddy. */
@Tag("long")
@Tag("jar")
class CaddyIT extends GatewayContract {
  private static final Recipe FRAME =
      new Recipe(
          """
          {
            admin off
          }
          import mini-login.caddyfile
          """);

  @Override
  String program() {
    return "caddy";
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    Recipe.of("docs/gateways/caddy.md", "caddyfile")
        .with(":80 {", ":" + addresses.port() + " {\nbind 127.0.0.1")
        .with("mini-login:8080", addresses.miniLogin())
        .with("backend:8080", addresses.backend())
        .into(directory, "mini-login.caddyfile");
    var frame = FRAME.into(directory, "Caddyfile");
    return List.of(program.toString(), "run", "--config", frame.toString());
  }
}
