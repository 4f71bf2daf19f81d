package io.minilogin.opendata;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts JSON that only a lenient parser accepts to strict JSON. In strings, raw control
 * characters are escaped, and the escape of an unpaired surrogate is replaced with the escape of
 * U+FFFD. All other characters stay unchanged.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259, sections 7 and 8.2</a>
 */
final class RepairedJson {
  private static final String HIGH = "\\\\u[dD][89abAB]\\p{XDigit}{2}";
  private static final String LOW = "\\\\u[dD][c-fC-F]\\p{XDigit}{2}";

  /** A quote, a surrogate pair, an unpaired surrogate, any other escape, or a control character. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<quote>\")|%1$s%2$s|(?<half>%1$s|%2$s)|\\\\.|(?<control>[\\x00-\\x1f])"
              .formatted(HIGH, LOW));

  private RepairedJson() {}

  /**
   * Returns strict JSON.
   *
   * @param lenient JSON whose strings may have raw control characters
   */
  static String of(String lenient) {
    var strict = new StringBuilder(lenient.length());
    var isString = false;
    var tokens = TOKEN.matcher(lenient);
    while (tokens.find()) {
      var token = tokens.group();
      isString ^= tokens.group("quote") != null;
      if (tokens.group("half") != null) {
        token = "\\ufffd";
      } else if (tokens.group("control") != null && isString) {
        token = "\\u%04x".formatted((int) token.charAt(0));
      }
      tokens.appendReplacement(strict, Matcher.quoteReplacement(token));
    }
    return tokens.appendTail(strict).toString();
  }
}
