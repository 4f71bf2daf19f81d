package io.minilogin.clients;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern for paths of WeChat's API in a client's {@code may}: one path, or a prefix with a
 * trailing {@code *}.
 */
public record ApiPattern(String text) {
  private static final Pattern SYNTAX = Pattern.compile("/[/A-Za-z0-9._~-]*\\*?");

  private static final Pattern EMPTY_OR_DOTS = Pattern.compile("/\\.*+/|/\\.++(?:\\*|$)");

  /** Returns the pattern; empty if the text is not a valid pattern. */
  static Optional<ApiPattern> parse(String text) {
    return text.startsWith("/")
            && SYNTAX.matcher(text).matches()
            && !EMPTY_OR_DOTS.matcher(text).find()
        ? Optional.of(new ApiPattern(text))
        : Optional.empty();
  }

  public boolean matches(String path) {
    return text.endsWith("*")
        ? path.startsWith(text.substring(0, text.length() - 1))
        : path.equals(text);
  }
}
