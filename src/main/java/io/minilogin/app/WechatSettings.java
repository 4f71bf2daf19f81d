package io.minilogin.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** The configuration as written; {@link AppReader} validates it. */
@ConfigMapping(prefix = "wechat")
interface WechatSettings extends AppSettings {
  /**
   * Whether a secret that is no longer configured opens nothing from then on, true or false.
   * Otherwise a running instance keeps it until no session that it sealed can still be alive.
   */
  @WithDefault("false")
  String dropSecrets();

  List<AppSettings> apps();

  /** The address of WeChat, or of a simulator in development and tests. */
  @WithDefault("https://api.weixin.qq.com")
  String baseUrl();
}
