package io.minilogin.app;

import java.util.Objects;

/**
 * A text that must not appear in any log, exception or response, such as an app secret or a session
 * key. Only {@link #reveal} returns it.
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
