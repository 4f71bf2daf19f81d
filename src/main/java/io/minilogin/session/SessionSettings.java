package io.minilogin.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings for the lifetime of sessions and for the number of sessions per user. */
@ConfigMapping(prefix = "session")
interface SessionSettings {
  /** The absolute lifetime, at least 1 s. Fractions of a second are dropped. */
  @WithDefault("7D")
  Duration lifetime();

  /** The time after which an idle session ends, at least 1 s. */
  @WithDefault("24H")
  Duration idleTimeout();

  /**
   * The maximum number of sessions per user and app, 1 to 1000. A login over the limit ends the
   * oldest session.
   */
  @WithDefault("10")
  int maxPerUser();
}
