package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import java.nio.file.Path;
import java.util.List;

/** {@code docs/gateways/nginx.md}, whose file Debian's nginx.conf would include. */
class NginxIT extends GatewayContract {
  @Override
  String program() {
    return "nginx";
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    var recipe =
        Recipe.of("docs/gateways/nginx.md", "nginx")
            .with("listen 80;", "listen 127.0.0.1:" + addresses.port() + ";")
            .with("mini-login:8080", addresses.miniLogin())
            .with("backend:8080", addresses.backend());
    return Nginx.command(program, directory, recipe);
  }
}
