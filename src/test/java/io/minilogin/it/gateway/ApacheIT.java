package io.minilogin.it.gateway;

import io.minilogin.it.gateway.Stage.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** Tests {@code docs/gateways/apache.md}: the virtual host and the script that it loads. */
@Tag("long")
@Tag("jar")
class ApacheIT extends GatewayContract implements QuestionContract {
  private static final String PAGE = "docs/gateways/apache.md";
  private static final Path MODULES = Path.of("/usr/lib/apache2/modules");
  private static final Path LUA_SOCKET = Path.of("/usr/share/lua/5.3/socket.lua");

  /**
   * The settings of Debian's apache2.conf and mpm_event.conf, for any user. There are two
   * processes, and each of them keeps a connection. After 100 requests a client gets a new
   * connection from either process.
   */
  private static final Recipe FRAME =
      new Recipe(
          """
          ServerRoot DIRECTORY
          DefaultRuntimeDir DIRECTORY
          PidFile DIRECTORY/apache2.pid
          ErrorLog /dev/stderr
          Mutex posixsem
          ServerName localhost
          Listen 127.0.0.1:PORT
          User #65534
          Group #65534
          MODULES
          StartServers 2
          MinSpareThreads 25
          MaxSpareThreads 75
          ThreadsPerChild 25
          MaxRequestWorkers 150
          Include DIRECTORY/mini-login.conf
          """);

  @Override
  String program() {
    return "apache2";
  }

  /** Apache cannot change the status of its own errors. */
  @Override
  public List<Integer> statusesOfATimeout() {
    return List.of(502, 504);
  }

  @Override
  List<String> command(Path program, Path directory, Addresses addresses) throws IOException {
    Installed.file(LUA_SOCKET, "lua-socket");
    // If root starts Apache, it runs as the user above, who must be able to read the script.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    var script =
        Recipe.of(PAGE, "lua")
            .with("mini-login:8080", addresses.miniLogin())
            .into(directory, "mini-login.lua");
    Recipe.of(PAGE, "apache")
        .with("*:80", "127.0.0.1:" + addresses.port())
        .with("/etc/apache2/mini-login.lua", script)
        .with("mini-login:8080", addresses.miniLogin())
        .with("backend:8080", addresses.backend())
        .into(directory, "mini-login.conf");
    var frame =
        FRAME
            .with("DIRECTORY", directory)
            .with("PORT", addresses.port())
            .with(
                "MODULES",
                modules("mpm_event", "authz_core", "proxy", "proxy_http", "lua", "headers"))
            .into(directory, "apache2.conf");
    return List.of(program.toString(), "-D", "FOREGROUND", "-f", frame.toString());
  }

  private static String modules(String... names) {
    return Stream.of(names)
        .map(name -> "LoadModule %s_module %s/mod_%s.so".formatted(name, MODULES, name))
        .collect(Collectors.joining("\n"));
  }
}
