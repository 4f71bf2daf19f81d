package io.minilogin.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The configuration as written; {@link WechatApps} validates it. */
@ConfigMapping(prefix = "wechat")
interface WechatSettings {
  Optional<String> appid();

  Optional<String> secret();

  Optional<String> previousSecret();

  /**
   * Whether a secret that is no longer configured opens nothing from then on. Otherwise a running
   * instance keeps it until no session that it sealed can still be alive.
   */
  @WithDefault("false")
  boolean dropSecrets();

  List<App> apps();

  /** The address of WeChat, or of a simulator in development and tests. */
  @WithDefault("https://api.weixin.qq.com")
  String baseUrl();

  /** One of several apps. */
  interface App {
    Optional<String> appid();

    Optional<String> secret();

    Optional<String> previousSecret();
  }
}
