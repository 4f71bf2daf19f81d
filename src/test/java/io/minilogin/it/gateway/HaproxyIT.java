package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.util.List;

/** {@code docs/gateways/haproxy.md}: the configuration and the script it loads. */
class HaproxyIT extends GatewayContract {
  private static final String PAGE = "docs/gateways/haproxy.md";

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
    // Names of sockets in the abstract namespace are the machine's: another test may run beside.
    var socket = "abns@mini-login-verify-" + addresses.port();
    var script =
        Recipe.of(PAGE, "lua")
            .with("abns@mini-login-verify", socket)
            .into(directory, "mini-login.lua");
    var configuration =
        Recipe.of(PAGE, "haproxy")
            .with("/etc/haproxy/mini-login.lua", script)
            .with("abns@mini-login-verify", socket)
            .with("bind :80", "bind 127.0.0.1:" + addresses.port())
            .with("mini-login:8080", addresses.miniLogin())
            .with("backend:8080", addresses.backend())
            .into(directory, "haproxy.cfg");
    return List.of(program.toString(), "-db", "-f", configuration.toString());
  }
}
