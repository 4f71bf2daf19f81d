package io.minilogin.dev.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;

/** The beginning of a request or a response, for reading. Thread-safe. */
final class Transcript {
  private static final int LARGEST = 4096;

  private static final String NAMES =
      "access_token|secret|client_secret|session_key|token|signature|msg_signature|pay_sig|paySig|encryptedData|rawData|iv";

  /** A property of JSON whose value is a secret or long. The first characters tell values apart. */
  private static final Pattern PROPERTY =
      Pattern.compile("(\"(?:" + NAMES + ")\"\\s*:\\s*\"[^\"\\\\]{0,6})(?:[^\"\\\\]|\\\\.)*\"");

  /** A parameter of a query or a form. */
  private static final Pattern PARAMETER =
      Pattern.compile("((?:^|[?&\\s])(?:" + NAMES + ")=[^&\\s]{0,6})[^&\\s]*");

  private static final Pattern AUTHORIZATION =
      Pattern.compile("(?im)^(authorization: \\w+ \\S{0,6})\\S*");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  void add(String text) {
    add(text.getBytes(UTF_8));
  }

  synchronized void add(byte[] more) {
    bytes.write(more, 0, Math.min(more.length, LARGEST - bytes.size()));
  }

  /** Returns the text with all secrets shortened to their first characters. */
  String text() {
    var all = bytes.toString(UTF_8);
    return masked(
        all.chars().anyMatch(Transcript::isBinary) ? all.replaceAll("[^ -~\n]", "·") : all);
  }

  static String masked(String text) {
    var line = PROPERTY.matcher(text).replaceAll("$1…\"");
    line = PARAMETER.matcher(line).replaceAll("$1…");
    return AUTHORIZATION.matcher(line).replaceAll("$1…");
  }

  private static boolean isBinary(int character) {
    return character == 0 || character == 0xFFFD;
  }
}
