package io.minilogin.opendata;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of open data. {@link Watermark} validates them. */
@ConfigMapping(prefix = "open-data")
interface OpenDataSettings {
  /** Maximum age of open data with a phone number, 0 to 3650 days; 0 allows any age. */
  @WithDefault("5M")
  Duration phoneNumberMaxAge();

  /** Maximum age of all other open data, 0 to 3650 days; 0 allows any age. */
  @WithDefault("0S")
  Duration maxAge();
}
