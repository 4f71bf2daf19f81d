package io.minilogin.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long sessions live and how many a user may have. */
@ConfigMapping(prefix = "session")
interface SessionSettings {
  /** The absolute lifetime. At least a second; fractions of one are dropped. */
  @WithDefault("7D")
  Duration lifetime();

  /** A session unused for so long ends. At least a second. */
  @WithDefault("24H")
  Duration idleTimeout();

  /** Most sessions of one user and app; the oldest goes first. 1 to 1000. */
  @WithDefault("10")
  int maxPerUser();
}
