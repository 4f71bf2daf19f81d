package io.minilogin.it.gateway;

import java.nio.file.Path;
import java.util.List;

/** HAProxy with the two files that its page shows. */
final class Haproxy {
  static final String PAGE = "docs/gateways/haproxy.md";

  private Haproxy() {}

  /** The page's configuration, where only mini-login's address is still to be replaced. */
  static Recipe recipe(int port, String backend) {
    return Recipe.of(PAGE, "haproxy")
        .with("bind :80", "bind 127.0.0.1:" + port)
        .with("backend:8080", backend);
  }

  static List<String> command(Path program, Path directory, int port, Recipe recipe) {
    // Names of sockets in the abstract namespace are the machine's: another test may run beside.
    var socket = "abns@mini-login-verify-" + port;
    var script =
        Recipe.of(PAGE, "lua")
            .with("abns@mini-login-verify", socket)
            .into(directory, "mini-login.lua");
    var configuration =
        recipe
            .with("/etc/haproxy/mini-login.lua", script)
            .with("abns@mini-login-verify", socket)
            .into(directory, "haproxy.cfg");
    return List.of(program.toString(), "-db", "-f", configuration.toString());
  }
}
