package io.minilogin.push;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of the message push. {@link PushRoutes} and {@link EventReader} validate them. */
@ConfigMapping(prefix = "push")
interface PushSettings {
  /**
   * How far the timestamp of an event may be from the clock, in the past or the future: up to a
   * day; 0 allows any timestamp.
   */
  @WithDefault("1H")
  Duration maxAge();

  /** Where events go. The first route whose events include an event's name gets the event. */
  List<Route> routes();

  /** The settings of a route as written. */
  interface Route {
    /** Names of events, separated by commas, each with an optional {@code *} at the end. */
    Optional<String> events();

    /** The http or https address of the backend, with an optional user and password. */
    Optional<String> url();
  }
}
