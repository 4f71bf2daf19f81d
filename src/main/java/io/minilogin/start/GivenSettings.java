package io.minilogin.start;

import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.ConfigProvider;

/** The settings of the operator, without those that come with the service. */
final class GivenSettings {
  /** The ordinal of the application.properties in the jar. */
  private static final int OURS = 250;

  private GivenSettings() {}

  /**
   * Returns the values by property. An environment variable is also present under its own name,
   * after the property. If the configuration cannot be read, the result contains the environment
   * variables only.
   */
  static Map<String, String> all() {
    try {
      return of(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
    } catch (RuntimeException | LinkageError e) {
      return System.getenv();
    }
  }

  static Map<String, String> of(SmallRyeConfig config) {
    // Reverse order: lower case, as in properties, comes first.
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
