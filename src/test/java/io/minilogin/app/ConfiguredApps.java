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

  /** One app whose secret has been rotated. */
  public static WechatApps rotated(String appid, String previousSecret, String secret) {
    return of(
        Map.of(
            "wechat.appid", appid,
            "wechat.secret", secret,
            "wechat.previous-secret", previousSecret));
  }
}
