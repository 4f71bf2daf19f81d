package io.minilogin.start;

import io.minilogin.settings.InvalidSetting;
import io.minilogin.settings.Setting;
import io.smallrye.config.ConfigValidationException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds the property that prevented a start if the exception does not name it. Libraries below
 * Quarkus know values, not properties.
 */
final class FaultySetting {
  /** Shorter values occur in messages by accident. */
  private static final int SHORTEST_VALUE = 3;

  private static final Pattern TOO_SMALL = Pattern.compile("\\b\\w+ must be (>=?) 0");
  private static final Pattern NEGATIVE = Pattern.compile("-.*");
  private static final Pattern ZERO_OR_LESS = Pattern.compile("-.*|P?T?0+[A-Za-z]*");
  private static final Pattern HUGE = Pattern.compile("[A-Za-z]*\\d{11,}[A-Za-z]*");
  private static final Pattern UNDERSCORE = Pattern.compile("https?://[^/]*_.*");
  private static final Pattern NO_NUMBER = Pattern.compile("For input string: \"(\\d+)\".*");
  private static final Pattern NO_PORT = Pattern.compile("(?i)port must be|invalid port");
  private static final Pattern NUMBER = Pattern.compile("(?:.*:)?(\\d{1,9})");
  private static final Pattern CERTIFICATE =
      Pattern.compile("(quarkus\\.(?:http|management)\\.ssl\\.certificate)\\..+");

  private FaultySetting() {}

  /** Returns the property if one of the given settings is at fault. */
  static Optional<String> of(Throwable failure, Map<String, String> given) {
    return InvalidSetting.causes(failure)
        .filter(FaultySetting::mayBeDueToSettings)
        .map(cause -> property(cause, given))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * Returns whether a setting may be the cause. Other exceptions are bugs, whose messages may quote
   * anything. The exporter of traces throws a NullPointerException for a URL with an underscore in
   * its host, because Java finds no host in it.
   */
  private static boolean mayBeDueToSettings(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof GeneralSecurityException
        || cause instanceof IllegalArgumentException
        || cause instanceof IllegalStateException
        || cause instanceof ConfigValidationException
        || cause instanceof NullPointerException
        || cause.getClass() == RuntimeException.class
        || cause.getClass().getSimpleName().equals("ConfigurationException");
  }

  private static Optional<String> property(Throwable cause, Map<String, String> given) {
    var message = String.valueOf(cause.getMessage());
    if (message.contains("long overflow")) {
      return first(given, setting -> HUGE.matcher(setting.getValue()).matches());
    }
    if (cause instanceof NullPointerException) {
      return first(given, setting -> UNDERSCORE.matcher(setting.getValue()).matches());
    }
    var tooSmall = TOO_SMALL.matcher(message);
    if (tooSmall.find()) {
      var unusable = tooSmall.group(1).equals(">") ? ZERO_OR_LESS : NEGATIVE;
      return first(given, setting -> unusable.matcher(setting.getValue()).matches());
    }
    var index = NO_NUMBER.matcher(message);
    if (index.matches()) {
      return first(
          given,
          setting ->
              setting.getKey().contains(index.group(1))
                  || setting.getValue().equals(index.group(1)));
    }
    if (NO_PORT.matcher(message).find()) {
      return first(given, FaultySetting::isNoPort);
    }
    return first(given, setting -> quotes(message, setting.getValue()))
        .or(() -> certificate(cause, given));
  }

  private static Optional<String> first(
      Map<String, String> given, Predicate<Map.Entry<String, String>> isAtFault) {
    return given.entrySet().stream().filter(isAtFault).map(Map.Entry::getKey).findFirst();
  }

  private static boolean quotes(String message, String value) {
    return value.length() >= SHORTEST_VALUE
        && Pattern.compile("(?<!\\w)" + Pattern.quote(value) + "(?!\\w)").matcher(message).find();
  }

  private static boolean isNoPort(Map.Entry<String, String> setting) {
    var number = NUMBER.matcher(setting.getValue());
    return number.matches() && Integer.parseInt(number.group(1)) > Setting.LARGEST_PORT;
  }

  /**
   * Returns the certificate's setting for a failure with files: a directory instead of a file, a
   * file with other content, or a wrong password.
   */
  private static Optional<String> certificate(Throwable cause, Map<String, String> given) {
    var isAboutFiles =
        cause instanceof IOException
            || cause instanceof GeneralSecurityException
            || String.valueOf(cause.getMessage()).startsWith("Missing -----BEGIN");
    return isAboutFiles
        ? given.keySet().stream()
            .map(CERTIFICATE::matcher)
            .filter(certificate -> certificate.matches())
            .map(certificate -> certificate.group(1))
            .findFirst()
        : Optional.empty();
  }
}
