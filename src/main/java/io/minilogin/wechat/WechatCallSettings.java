package io.minilogin.wechat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of calls to WeChat. {@link WechatCalls} validates them. */
@ConfigMapping(prefix = "wechat")
interface WechatCallSettings {
  /** Deadline of code2Session, 1 s to 4 s: a login ends within 5 s. */
  @WithDefault("3S")
  Duration loginTimeout();
}
