package io.minilogin.app;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;

/** Settings that may change while the service runs: secrets, in files. */
public interface Reloadable {
  /**
   * Checks what is configured now, and changes nothing. Throws a {@link ConfigurationException}
   * with the name of the property at fault when that cannot be used.
   *
   * @return puts it in force, and cannot fail
   */
  Runnable prepare(SmallRyeConfig config);
}
