package io.minilogin.it;

import static io.minilogin.it.Surroundings.APP;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.it.gateway.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Redis of any topology, and a service with the configuration of {@code docs/configuration.md}.
 * The user of the service has exactly the permissions that {@code docs/storage.md} lists.
 */
final class Store implements AutoCloseable {
  static final String PAGE = "docs/configuration.md";
  private static final Pattern COMMANDS =
      Pattern.compile("^Redis needs to allow.*?(?=\\n\\n)", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern QUOTED = Pattern.compile("`([A-Z ]+?)\\s?`");

  private final WechatSimulator wechat = WechatSimulator.start(APP, Surroundings.OTHER_APP);
  private final List<RedisServer> servers = new ArrayList<>();
  private URI wechatAddress = wechat.uri();
  private ServiceProcess service;

  /** The password of the page, so that the documented configuration is tested. */
  static final String PASSWORD = "the-password";

  private static final String USER = "mini-login";

  /** Returns the user of the service as a line of Redis' configuration. */
  static String user() {
    var allowed = allowed().map(command -> "+" + command).toList();
    return "user %s on >%s ~ml:* -@all %s".formatted(USER, PASSWORD, String.join(" ", allowed));
  }

  /** Returns the user of the service on a sentinel. */
  static String userOfSentinel() {
    return "user %s on >%s -@all +sentinel".formatted(USER, PASSWORD);
  }

  /** Adds this user to an address. */
  static String withUser(String address) {
    return "redis://" + USER + ":" + PASSWORD + "@" + address;
  }

  private static Stream<String> allowed() {
    try {
      var page = Files.readString(Path.of("docs", "storage.md"));
      var paragraph = COMMANDS.matcher(page).results().findFirst().orElseThrow().group();
      return QUOTED
          .matcher(paragraph.replace('\n', ' '))
          .results()
          .flatMap(words -> Stream.of(words.group(1).split(" ")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RedisServer add(RedisServer server) {
    servers.add(server);
    return server;
  }

  /** Starts the service with a block of the page. */
  void serve(Recipe properties) {
    service = builder(properties).start();
  }

  /** Makes the service call WeChat at another address. */
  void callWechatAt(URI address) {
    wechatAddress = address;
  }

  ServiceProcess.Builder builder(Recipe properties) {
    try {
      var file =
          properties.into(
              Files.createTempDirectory(Artefact.directory(), "config"), "application.properties");
      return GatewayClient.knownTo(
          ServiceProcess.with("WECHAT_APPID", APP.appid())
              .with("WECHAT_SECRET", APP.secret())
              .with("WECHAT_BASE_URL", wechatAddress.toString())
              .with("SMALLRYE_CONFIG_LOCATIONS", file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns a block of the page with the addresses of these servers instead of the documented
   * addresses.
   */
  static Recipe block(String heading, List<RedisServer> inTheirOrder) {
    var text = Recipe.under(PAGE, heading, "properties").text();
    var real = inTheirOrder.iterator();
    return new Recipe(
        Pattern.compile("(rediss?)://[^,/\\s]+")
            .matcher(text)
            .replaceAll(
                shown ->
                    Matcher.quoteReplacement(
                        withUser(real.next().address()).replace("redis:", shown.group(1) + ":"))));
  }

  ServiceProcess service() {
    return service;
  }

  WechatSimulator wechat() {
    return wechat;
  }

  List<RedisServer> servers() {
    return servers;
  }

  @Override
  public void close() {
    if (service != null) {
      service.close();
    }
    wechat.close();
    servers.forEach(RedisServer::close);
  }
}
