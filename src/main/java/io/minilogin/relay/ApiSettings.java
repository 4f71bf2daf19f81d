package io.minilogin.relay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of calls of backends. {@link ApiProxy} validates them. */
@ConfigMapping(prefix = "wechat")
interface ApiSettings {
  /** Deadline of a call, from its headers to the last byte of the reply: 1 s to 1 minute. */
  @WithDefault("15S")
  Duration apiTimeout();
}
