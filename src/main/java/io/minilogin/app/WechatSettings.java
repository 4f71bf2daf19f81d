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
