package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Tests {@code docs/gateways/nginx.md}, whose file Debian's nginx.conf would include. */
@Tag("long")
@Tag("jar")
class NginxIT extends GatewayContract implements QuestionContract, LoginFloodContract {
  @Override
  String program() {
    return "nginx";
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) {
    var recipe = Nginx.recipe("docs/gateways/nginx.md", addresses);
    return Nginx.command(program, directory, recipe);
  }
}
