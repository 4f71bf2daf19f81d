package io.minilogin.dev;

import io.minilogin.start.Main;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/**
 * Development mode's main class: the service with a simulated WeChat and an embedded Redis, both on
 * free ports, and a client that may introspect and revoke. Redis outlives a reload of the code, so
 * sessions do, too.
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
    // A single jar has no launcher that sets it before anything logs.
    System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
    Main.prepare();
    if (System.getProperty(REDIS) == null && System.getenv("QUARKUS_REDIS_HOSTS") == null) {
      System.setProperty(REDIS, EmbeddedRedis.start().uri().toString());
    }
    try (var wechat = WechatSimulator.start(APP)) {
      System.setProperty("wechat.base-url", wechat.uri().toString());
      System.setProperty("wechat.appid", APP.appid());
      System.setProperty("wechat.secret", APP.secret());
      if (System.getenv("CLIENTS_0__ID") == null) {
        System.setProperty("clients[0].id", "gateway");
        System.setProperty("clients[0].secret", SECRET);
      }
      Quarkus.run(args);
    }
  }

  private static String environment(String variable, String otherwise) {
    return System.getenv().getOrDefault(variable, otherwise);
  }
}
