package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.App;
import io.minilogin.dev.page.AppSecret;
import io.minilogin.dev.page.MessageLog;
import io.minilogin.dev.page.RedisTap;
import io.minilogin.dev.page.WorldOutside;
import io.minilogin.start.Main;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The main class of development mode. It runs the service with a simulated WeChat and an embedded
 * Redis, both on free ports, and configures a client that may do everything. Redis keeps running
 * when the code is reloaded, so sessions survive.
 */
@QuarkusMain(name = "development")
public final class DevelopmentMain {
  private static final String REDIS = "quarkus.redis.hosts";
  private static final String SECRET = "a-secret-for-development-only";
  private static final App APP =
      app(
          environment("WECHAT_APPID", "wx0000000000000000"),
          environment("WECHAT_SECRET", "0123456789abcdef0123456789abcdef"));

  /** Has the same users as the first app, with the same unionids. */
  private static final App SECOND_APP =
      new App("wx1111111111111111", "fedcba9876543210fedcba9876543210");

  private DevelopmentMain() {}

  public static void main(String... args) {
    // An uber-jar has no launcher that sets the property before the first log line.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    Main.prepare();
    listenHere("quarkus.http.host");
    listenHere("quarkus.management.host");
    var apps = isInEnvironment("WECHAT_APPID") ? List.of(APP) : List.of(APP, SECOND_APP);
    var redis = redis();
    var log = new MessageLog();
    var tap = RedisTap.start(hosts(redis), log);
    tap.ifPresent(it -> System.setProperty(REDIS, it.uri().toString()));
    try (var wechat = WechatSimulator.start(apps.toArray(App[]::new))) {
      System.setProperty("wechat.base-url", wechat.uri().toString());
      configure(apps);
      configureEvents(wechat);
      // The environment variable overrides the file.
      var secret = isInEnvironment("WECHAT_SECRET") ? Optional.<AppSecret>empty() : secret();
      if (!isInEnvironment("CLIENTS_0__ID")) {
        System.setProperty("clients[0].id", "gateway");
        System.setProperty("clients[0].secret", SECRET);
        System.setProperty("clients[0].may", "introspect,revoke,users,sign,/*");
      }
      var appids = apps.stream().map(App::appid).toList();
      new WorldOutside(wechat, appids, redis, tap, secret, log).show();
      Main.run(DevelopmentApplication.class, args);
    }
  }

  /** Returns the app with the keys of the environment, or with its own ones. */
  private static App app(String appid, String secret) {
    var keys = new App(appid, secret).keys();
    return new App(
        appid,
        secret,
        new AppKeys(
            environment("WECHAT_PAYMENT_KEY", keys.payment()),
            environment("WECHAT_PAYMENT_SANDBOX_KEY", keys.sandboxPayment()),
            environment("WECHAT_PUSH_TOKEN", keys.pushToken()),
            environment("WECHAT_PUSH_AES_KEY", keys.pushAesKey())));
  }

  private static void configure(List<App> apps) {
    System.setProperty("wechat.appid", apps.get(0).appid());
    configureKeys("wechat", apps.get(0).keys());
    for (int i = 1; i < apps.size(); i++) {
      var prefix = "wechat.apps[%d]".formatted(i - 1);
      System.setProperty(prefix + ".appid", apps.get(i).appid());
      System.setProperty(prefix + ".secret", apps.get(i).secret());
      configureKeys(prefix, apps.get(i).keys());
    }
  }

  private static void configureKeys(String prefix, AppKeys keys) {
    System.setProperty(prefix + ".payment-key", keys.payment());
    System.setProperty(prefix + ".payment-sandbox-key", keys.sandboxPayment());
    System.setProperty(prefix + ".push-token", keys.pushToken());
    System.setProperty(prefix + ".push-aes-key", keys.pushAesKey());
  }

  /** Has events delivered to the simulated backend, unless the environment has other routes. */
  private static void configureEvents(WechatSimulator wechat) {
    if (!isInEnvironment("PUSH_ROUTES_0__URL")) {
      System.setProperty("push.routes[0].events", "*");
      System.setProperty(
          "push.routes[0].url", wechat.uri().resolve(SimulatedBackend.EVENTS).toString());
    }
  }

  private static String hosts(Optional<EmbeddedRedis> redis) {
    return redis
        .map(ours -> ours.uri().toString())
        .orElseGet(() -> System.getProperty(REDIS, environment("QUARKUS_REDIS_HOSTS", "")));
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
    return Optional.of(redis);
  }

  /** Puts the app's secret into a file, like a mounted Secret, so that it can be rotated. */
  private static Optional<AppSecret> secret() {
    var directory = temporaryDirectory();
    var secret = new AppSecret(directory, APP);
    System.setProperty("smallrye.config.source.file.locations", directory.toString());
    System.setProperty("wechat.seal-delay", "5S");
    return Optional.of(secret);
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
