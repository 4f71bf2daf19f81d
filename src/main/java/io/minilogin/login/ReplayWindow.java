package io.minilogin.login;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The replay window, checked at the start. */
@Startup
@Singleton
class ReplayWindow {
  private final Duration length;

  ReplayWindow(LoginSettings settings) {
    this.length = settings.replayWindow();
    if (length.isNegative() || length.compareTo(Duration.ofDays(1)) > 0) {
      throw new ConfigurationException("login.replay-window must be between 0 and a day");
    }
  }

  boolean isOff() {
    return length.toMillis() == 0;
  }

  Duration length() {
    return length;
  }
}
