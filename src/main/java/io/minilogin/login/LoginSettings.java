package io.minilogin.login;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of logins. {@link RedisCodes} validates them. */
@ConfigMapping(prefix = "login")
interface LoginSettings {
  /** How long a repeated code gets the first answer again, 0 to 1 day; 0 turns it off. */
  @WithDefault("10S")
  Duration replayWindow();
}
