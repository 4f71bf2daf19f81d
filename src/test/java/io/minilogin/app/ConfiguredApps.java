package io.minilogin.app;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

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
    return of(new PropertiesConfigSource(properties, "test", 100));
  }

  static WechatApps of(ConfigSource source) {
    var config =
        new SmallRyeConfigBuilder().withSources(source).withMapping(WechatSettings.class).build();
    return new WechatApps(config.getConfigMapping(WechatSettings.class), config);
  }

  public static WechatApps one(String appid, String secret) {
    return of(Map.of("wechat.appid", appid, "wechat.secret", secret));
  }

  /** Creates two apps with different secrets. */
  public static WechatApps two(String appid, String other) {
    return of(
        Map.of(
            "wechat.apps[0].appid",
            appid,
            "wechat.apps[0].secret",
            "500b5ec2e7a1b2c3d4e5f60718293a4b",
            "wechat.apps[1].appid",
            other,
            "wechat.apps[1].secret",
            "game-secret-of-16-chars"));
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
