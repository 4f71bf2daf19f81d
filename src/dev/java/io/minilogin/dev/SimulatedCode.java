package io.minilogin.dev;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A code whose text chooses the answer, since there is no WeChat client to issue codes. It consists
 * of words separated by dots. The first word is the user; each further word is looked up where it
 * takes effect ({@code docs/simulator.md} lists them). Unknown and malformed words are ignored and
 * only make codes different: every text is a valid code.
 */
record SimulatedCode(String user, List<String> words) {
  private static final long LIFETIME = Duration.ofMinutes(5).toSeconds();
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}");

  /** For answers that do not depend on the code, such as the refusal of a wrong secret. */
  static final SimulatedCode SILENT = new SimulatedCode("", List.of());

  static SimulatedCode parse(String code) {
    var words = List.of(code.split("\\.", -1));
    return new SimulatedCode(words.get(0), words.subList(1, words.size()));
  }

  /** Words without a user. */
  static SimulatedCode ofWords(String words) {
    return new SimulatedCode("", List.of(words.split("\\.", -1)));
  }

  /**
   * Returns this code with the words of the other added; a number of the other takes precedence.
   */
  SimulatedCode overriddenBy(SimulatedCode other) {
    return new SimulatedCode(user, Stream.concat(other.words().stream(), words.stream()).toList());
  }

  boolean says(String word) {
    return words.contains(word);
  }

  /** Returns the n of the first word {@code name=n}. */
  OptionalLong number(String name) {
    for (var word : words) {
      if (word.startsWith(name) && word.startsWith("=", name.length())) {
        var value = word.substring(name.length() + 1);
        if (NUMBER.matcher(value).matches()) {
          return OptionalLong.of(Long.parseLong(value));
        }
      }
    }
    return OptionalLong.empty();
  }

  boolean isExpired(Instant instant) {
    var now = instant.getEpochSecond();
    var issued = number("issued").orElse(now);
    return number("age").orElse(now - issued) > LIFETIME;
  }

  /** Tells whether the code was issued in this app. A code that names no app is valid in all. */
  boolean belongsTo(String appid) {
    for (var word : words) {
      if (word.startsWith("appid=") && !word.equals("appid=" + appid)) {
        return false;
      }
    }
    return true;
  }
}
