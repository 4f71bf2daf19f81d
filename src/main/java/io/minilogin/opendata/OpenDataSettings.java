package io.minilogin.opendata;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How old open data may be, by the time in its watermark. */
@ConfigMapping(prefix = "open-data")
interface OpenDataSettings {
  /** Of an object with a phone number; 0 allows any age. */
  @WithDefault("5M")
  Duration phoneNumberMaxAge();

  /** Of any other; 0 allows any age. */
  @WithDefault("0S")
  Duration maxAge();
}
