package io.minilogin.app;

/**
 * A text that must not appear in any log, exception or response, such as an app secret or a session
 * key. Only {@link #reveal} returns the text, so each use is easy to find.
 *
 * @param reveal the text, never empty
 */
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "[secret]";
  }
}
