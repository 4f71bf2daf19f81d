package io.minilogin.operation;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;

/** A setting without which the service does not start. */
public final class RequiredSetting {
  private RequiredSetting() {}

  /**
   * Its value, stripped, because a secret from a file easily ends in a line break. Throws a {@link
   * ConfigurationException} with the property's name when it is missing or blank.
   */
  public static String of(String property, Optional<String> value) {
    return value
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .orElseThrow(() -> new ConfigurationException(property + " is missing"));
  }
}
