package io.minilogin;

import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Starts a Redis and a simulated WeChat for the service under test. Tests get them in fields of the
 * types {@link EmbeddedRedis} and {@link WechatSimulator}. All tests use the same settings, so that
 * one start of the service is enough for them.
 */
public final class RedisAndWechat implements QuarkusTestResourceLifecycleManager {
  public static final String APPID = "wx1111111111111111";
  public static final String SECRET = "500b5ec2e7a1b2c3d4e5f60718293a4b";

  /** The app secret before a recent rotation. */
  public static final String PREVIOUS_SECRET = "bef05e5ec2e7a1b2c3d4e5f607182930";

  public static final int MAX_PER_USER = 3;

  private EmbeddedRedis redis;
  private WechatSimulator wechat;

  @Override
  public Map<String, String> start() {
    redis = EmbeddedRedis.start();
    wechat = WechatSimulator.start(new App(APPID, SECRET));
    return Map.of(
        "quarkus.redis.hosts",
        redis.uri().toString(),
        "wechat.base-url",
        wechat.uri().toString(),
        "wechat.appid",
        APPID,
        "wechat.secret",
        SECRET,
        "wechat.previous-secret",
        PREVIOUS_SECRET,
        "wechat.seal-delay",
        "0S",
        "session.max-per-user",
        String.valueOf(MAX_PER_USER),
        "quarkus.http.test-port",
        "0",
        "quarkus.management.test-port",
        "0");
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(redis, field -> field.getType() == EmbeddedRedis.class);
    injector.injectIntoFields(wechat, field -> field.getType() == WechatSimulator.class);
  }

  @Override
  public void stop() {
    if (wechat != null) {
      wechat.close();
    }
    if (redis != null) {
      redis.close();
    }
  }
}
