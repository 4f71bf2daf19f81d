package io.minilogin.it;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;

import io.minilogin.dev.AppKeys;
import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The environment of a service: a Redis and a simulated WeChat that knows two apps. */
public record Surroundings(EmbeddedRedis redis, WechatSimulator wechat) implements AutoCloseable {
  /** Its payment key is that of WeChat's examples. */
  public static final App APP =
      new App(
          "wx1111111111111111",
          "5ec2e70f07e00ea11ec2e70f07e00ea1",
          new AppKeys("12345", "a-key-of-the-sandbox", "AAAAA", "A".repeat(43)));

  public static final App OTHER_APP =
      new App("wx2222222222222222", "5ec2e70f07e007e2a1ec2e70f07e007e");

  /** Apps for tests that need their own app and therefore their own access token. */
  static final List<App> SINGLE_USE_APPS =
      IntStream.range(10, 45)
          .mapToObj(i -> new App("wx44444444444444" + i, "5ec2e70f07e00ea11ec2e70f07e00e" + i))
          .toList();

  static final List<App> ALL_APPS =
      Stream.concat(Stream.of(APP, OTHER_APP), SINGLE_USE_APPS.stream()).toList();

  /** Starts the environment, with Redis' settings as on its command line. */
  public static Surroundings start(String... redisSettings) {
    var redis = unpacked(() -> EmbeddedRedis.start(redisSettings));
    return new Surroundings(redis, WechatSimulator.start(APP, OTHER_APP));
  }

  /** Starts the environment with a WeChat that knows other apps. */
  public static Surroundings of(List<App> apps) {
    var redis = unpacked(EmbeddedRedis::start);
    return new Surroundings(redis, WechatSimulator.start(apps.toArray(App[]::new)));
  }

  /** Returns a builder for a service with one app in this environment. */
  public ServiceProcess.Builder service() {
    return ServiceProcess.with("WECHAT_APPID", APP.appid())
        .with("WECHAT_SECRET", APP.secret())
        .with("WECHAT_BASE_URL", wechat.uri().toString())
        .with("QUARKUS_REDIS_HOSTS", redis.uri().toString());
  }

  /** Returns a builder for a service with several apps in this environment. */
  public ServiceProcess.Builder serviceOf(List<App> apps) {
    var service = service().without("WECHAT_APPID").without("WECHAT_SECRET");
    for (int i = 0; i < apps.size(); i++) {
      service
          .with("WECHAT_APPS_" + i + "__APPID", apps.get(i).appid())
          .with("WECHAT_APPS_" + i + "__SECRET", apps.get(i).secret());
    }
    return service;
  }

  /** Exchanges the code directly with WeChat, as another service with the app's secret would. */
  public void loginPastTheService(String code) {
    given()
        .baseUri(wechat.uri().toString())
        .queryParam("appid", APP.appid())
        .queryParam("secret", APP.secret())
        .queryParam("js_code", code)
        .queryParam("grant_type", "authorization_code")
        .get("/sns/jscode2session")
        .then()
        .statusCode(200)
        .body(containsString("session_key"));
  }

  /** Ends the session of the token like the end of its lifetime. */
  public void expire(String token) {
    try (var connection = new RedisConnection(redis)) {
      connection.send("PEXPIRE", RedisConnection.sessionKey(token), "1");
    }
  }

  /** Starts an empty Redis on the same port. */
  public void restartRedis() {
    unpacked(
        () -> {
          redis.restart();
          return redis;
        });
  }

  /**
   * The executable of Redis is unpacked at each start. If another test starts a process at that
   * moment, the child process inherits the file open for writing for a short time, and Linux does
   * not execute such a file.
   */
  private static EmbeddedRedis unpacked(Supplier<EmbeddedRedis> start) {
    while (true) {
      try {
        return start.get();
      } catch (UncheckedIOException e) {
        if (!e.getMessage().contains("Text file busy")) {
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    wechat.close();
    redis.close();
  }
}
