package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration around a file in conf.d, for any user. Nothing outside of one directory is
 * changed.
 */
final class Nginx {
  private static final Recipe FRAME =
      new Recipe(
          """
          daemon off;
          pid DIRECTORY/nginx.pid;
          error_log stderr;
          events {}
          http {
            access_log off;
            client_body_temp_path DIRECTORY/body;
            proxy_temp_path DIRECTORY/proxy;
            fastcgi_temp_path DIRECTORY/fastcgi;
            scgi_temp_path DIRECTORY/scgi;
            uwsgi_temp_path DIRECTORY/uwsgi;
            include DIRECTORY/mini-login.conf;
          }
          """);

  private Nginx() {}

  /** Returns the block of the page with real addresses. */
  static Recipe recipe(String page, Addresses addresses) {
    return recipe(page, addresses.port(), addresses.backend())
        .with("mini-login:8080", addresses.miniLogin());
  }

  /** Returns the block of the page. Only the address of mini-login must still be replaced. */
  static Recipe recipe(String page, int port, String backend) {
    return Recipe.of(page, "nginx")
        .with("listen 80;", "listen 127.0.0.1:" + port + ";")
        .with("backend:8080", backend);
  }

  /**
   * Returns the block with two instances, as the page describes it for setups without a Service.
   */
  static Recipe recipe(int port, String backend, URI one, URI other) {
    var page = "docs/gateways/nginx.md";
    return recipe(page, port, backend)
        .with("    server mini-login:8080;\n", Recipe.of(page, "nginx-servers").text())
        .with("mini-login-1:8080", one.getAuthority())
        .with("mini-login-2:8080", other.getAuthority())
        // Eight clients at one address log in as fast as they can.
        .with("rate=20r/s", "rate=100000r/s");
  }

  static List<String> command(Path program, Path directory, Recipe recipe) {
    recipe.into(directory, "mini-login.conf");
    var frame = FRAME.with("DIRECTORY", directory).into(directory, "nginx.conf");
    return List.of(program.toString(), "-e", "stderr", "-c", frame.toString(), "-g", user());
  }

  // If root starts nginx, its workers run as a user who may not read this directory.
  private static String user() {
    return System.getProperty("user.name").equals("root") ? "user root;" : "";
  }
}
