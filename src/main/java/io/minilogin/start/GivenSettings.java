package io.minilogin.start;

import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.ConfigProvider;

/** The settings that do not come with the service but from an operator. */
final class GivenSettings {
  /** The ordinal of the application.properties in the jar. */
  private static final int OURS = 250;

  private GivenSettings() {}

  /**
   * Returns the values by property. A variable of the environment is there under its own name, too,
   * behind the property's. These are the variables alone if the configuration cannot be read.
   */
  static Map<String, String> all() {
    try {
      return of(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
    } catch (RuntimeException | LinkageError e) {
      return System.getenv();
    }
  }

  static Map<String, String> of(SmallRyeConfig config) {
    // Small letters first.
    var given = new TreeMap<String, String>((one, other) -> other.compareTo(one));
    for (var name : config.getPropertyNames()) {
      var value = config.getConfigValue(name);
      if (value.getValue() != null && value.getConfigSourceOrdinal() > OURS) {
        given.put(name, value.getValue());
      }
    }
    return given;
  }
}
