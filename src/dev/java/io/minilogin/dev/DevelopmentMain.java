package io.minilogin.dev;

import io.minilogin.dev.page.Happenings;
import io.minilogin.dev.page.WorldOutside;
import io.minilogin.start.Main;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The main class of development mode. It runs the service with a simulated WeChat and an embedded
 * Redis, both on free ports, and configures a client that may introspect and revoke. Redis keeps
 * running when the code is reloaded, so sessions survive.
 */
@QuarkusMain(name = "development")
public final class DevelopmentMain {
  private static final String REDIS = "quarkus.redis.hosts";
  private static final String SECRET = "a-secret-for-development-only";
  private static final WechatSimulator.App APP =
      new WechatSimulator.App(
          environment("WECHAT_APPID", "wx0000000000000000"),
          environment("WECHAT_SECRET", "0123456789abcdef0123456789abcdef"));

  private DevelopmentMain() {}

  public static void main(String... args) {
    // An uber-jar has no launcher that sets the property before the first log line.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    Main.prepare();
    listenHere("quarkus.http.host");
    listenHere("quarkus.management.host");
    var redis = redis();
    try (var wechat = WechatSimulator.start(APP)) {
      System.setProperty("wechat.base-url", wechat.uri().toString());
      System.setProperty("wechat.appid", APP.appid());
      // The environment variable overrides the file.
      var settings = isInEnvironment("WECHAT_SECRET") ? Optional.<Path>empty() : settings();
      if (!isInEnvironment("CLIENTS_0__ID")) {
        System.setProperty("clients[0].id", "gateway");
        System.setProperty("clients[0].secret", SECRET);
        System.setProperty("clients[0].may", "introspect,revoke,users,/*");
      }
      new WorldOutside(wechat, APP, redis, settings, new Happenings()).show();
      Quarkus.run(args);
    }
  }

  /** Listens on loopback only, unless the environment says otherwise: the page can stop Redis. */
  private static void listenHere(String property) {
    if (!isInEnvironment(property.replace('.', '_').toUpperCase(Locale.ROOT))
        && System.getProperty(property) == null) {
      System.setProperty(property, "127.0.0.1");
    }
  }

  /** Starts a Redis that keeps its data when it is stopped and started again. */
  private static Optional<EmbeddedRedis> redis() {
    if (System.getProperty(REDIS) != null || isInEnvironment("QUARKUS_REDIS_HOSTS")) {
      return Optional.empty();
    }
    var directory = temporaryDirectory();
    directory.resolve("dump.rdb").toFile().deleteOnExit();
    var redis = EmbeddedRedis.start("--dir", directory.toString(), "--save", "3600", "1");
    System.setProperty(REDIS, redis.uri().toString());
    return Optional.of(redis);
  }

  /** Puts the app's secret into a file, like a mounted Secret, so that it can be rotated. */
  private static Optional<Path> settings() {
    var directory = temporaryDirectory();
    WorldOutside.writeSecret(directory, APP.secret());
    System.setProperty("smallrye.config.source.file.locations", directory.toString());
    System.setProperty("wechat.seal-delay", "5S");
    return Optional.of(directory);
  }

  private static Path temporaryDirectory() {
    try {
      var directory = Files.createTempDirectory("mini-login");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isInEnvironment(String variable) {
    return System.getenv(variable) != null;
  }

  private static String environment(String variable, String otherwise) {
    return System.getenv().getOrDefault(variable, otherwise);
  }
}
