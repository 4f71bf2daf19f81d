package io.minilogin.login;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How repeated codes are treated. */
@ConfigMapping(prefix = "login")
interface LoginSettings {
  /** How long a repeated code gets the first answer again; 0 turns it off. At most a day. */
  @WithDefault("10S")
  Duration replayWindow();
}
