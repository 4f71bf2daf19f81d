package io.minilogin.it.gateway;

import java.nio.file.Path;
import java.util.List;

/** HAProxy with the two files of its page. */
final class Haproxy {
  static final String PAGE = "docs/gateways/haproxy.md";

  private Haproxy() {}

  /**
   * Returns the configuration of the page. Only the address of mini-login must still be replaced.
   */
  static Recipe recipe(int port, String backend) {
    return Recipe.of(PAGE, "haproxy")
        .with("bind :80", "bind 127.0.0.1:" + port)
        .with("backend:8080", backend);
  }

  static List<String> command(Path program, Path directory, int port, Recipe recipe) {
    // Names of abstract sockets are global on a machine, and another test may run concurrently.
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
