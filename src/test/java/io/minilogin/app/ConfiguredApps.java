package io.minilogin.app;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Creates apps for tests of other packages, configured as an operator would. */
public final class ConfiguredApps {
  private ConfiguredApps() {}

  /** Creates an app without payment keys and without message push. */
  public static WechatApp app(String appid, String secret, String... previousSecrets) {
    return new WechatApp(
        appid,
        new Secret(secret),
        Stream.of(previousSecrets).map(Secret::new).toList(),
        PaymentKeys.NONE,
        Optional.empty());
  }

  /** Creates apps from properties such as {@code wechat.appid}. */
  public static WechatApps of(Map<String, String> properties) {
    return new WechatApps(
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(properties, "test", 100))
            .withMapping(WechatSettings.class)
            .build()
            .getConfigMapping(WechatSettings.class));
  }

  public static WechatApps one(String appid, String secret) {
    return of(Map.of("wechat.appid", appid, "wechat.secret", secret));
  }

  /** Creates one app whose secret has been rotated. Commas separate several previous secrets. */
  public static WechatApps rotated(String appid, String previousSecrets, String secret) {
    return of(
        Map.of(
            "wechat.appid", appid,
            "wechat.secret", secret,
            "wechat.previous-secret", previousSecrets));
  }

  /** Changes the secrets of the only app, as a changed file does. */
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
