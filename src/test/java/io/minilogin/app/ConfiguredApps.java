package io.minilogin.app;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Apps for tests of other packages, configured as an operator would. */
public final class ConfiguredApps {
  private ConfiguredApps() {}

  /** From properties such as {@code wechat.appid}. */
  public static WechatApps of(Map<String, String> properties) {
    return new WechatApps(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(properties, "test", 100))
            .withMapping(WechatSettings.class)
            .build()
            .getConfigMapping(WechatSettings.class));
  }

  /** One app. */
  public static WechatApps one(String appid, String secret) {
    return of(Map.of("wechat.appid", appid, "wechat.secret", secret));
  }

  /** One app whose secret has been rotated; several previous secrets are separated by commas. */
  public static WechatApps rotated(String appid, String previousSecrets, String secret) {
    return of(
        Map.of(
            "wechat.appid", appid,
            "wechat.secret", secret,
            "wechat.previous-secret", previousSecrets));
  }

  /** Puts other secrets of the one app in force, as a changed file does. */
  public static void change(
      WechatApps apps, String previousSecrets, String secret, boolean dropsSecrets) {
    apps.prepare(
            new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(
                    new PropertiesConfigSource(
                        Map.of(
                            "wechat.appid",
                            apps.only().orElseThrow().appid(),
                            "wechat.secret",
                            secret,
                            "wechat.previous-secret",
                            previousSecrets,
                            "wechat.drop-secrets",
                            String.valueOf(dropsSecrets)),
                        "test",
                        100))
                .build())
        .run();
  }
}
