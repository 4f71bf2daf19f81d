package io.minilogin.settings;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;

/** Settings that may change while the service runs: secrets in files. */
public interface Reloadable {
  /**
   * Checks the current configuration without changing anything. Throws a {@link
   * ConfigurationException} with the name of the faulty property if the configuration cannot be
   * used.
   *
   * @return applies the configuration; cannot fail
   */
  Runnable prepare(SmallRyeConfig config);
}
