package io.minilogin.app;

import java.util.Objects;

/**
 * A text that no log, exception or answer may show: an app secret, a session key. Only {@link
 * #reveal} tells it.
 *
 * @param value never empty
 */
public record Secret(String value) {
  public Secret {
    Objects.requireNonNull(value);
  }

  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
