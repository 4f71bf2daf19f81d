package io.minilogin.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The configuration as written; {@link WechatApps} says what of it makes sense. */
@ConfigMapping(prefix = "wechat")
interface WechatSettings {
  Optional<String> appid();

  Optional<String> secret();

  Optional<String> previousSecret();

  /**
   * Whether a secret that the configuration no longer has opens nothing from then on. Otherwise a
   * running instance keeps it until no session can be alive that it sealed.
   */
  @WithDefault("false")
  boolean dropSecrets();

  List<App> apps();

  /** Where WeChat is; a stand-in in development and tests. */
  @WithDefault("https://api.weixin.qq.com")
  String baseUrl();

  /** One of several apps. */
  interface App {
    Optional<String> appid();

    Optional<String> secret();

    Optional<String> previousSecret();
  }
}
