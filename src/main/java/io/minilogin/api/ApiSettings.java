package io.minilogin.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The configuration as written. */
@ConfigMapping(prefix = "wechat")
interface ApiSettings {
  /** From a call's headers to the last byte of its reply, 1 s to 1 minute. */
  @WithDefault("15S")
  Duration apiTimeout();
}
