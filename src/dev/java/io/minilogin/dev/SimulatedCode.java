package io.minilogin.dev;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A code that says what becomes of it, because without a WeChat client nobody issues any: words
 * separated by dots, of which the first is the user. Each of the others is looked up where it takes
 * effect; {@code docs/simulator.md} lists them. A word that nobody looks up serves to tell two
 * codes of a user apart, and so does a malformed one: any code is a valid code.
 */
record SimulatedCode(String user, List<String> words) {
  private static final long LIFETIME = Duration.ofMinutes(5).toSeconds();
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}");

  /** For answers that the code has no say in, such as the refusal of a wrong secret. */
  static final SimulatedCode SILENT = new SimulatedCode("", List.of());

  static SimulatedCode parse(String code) {
    var words = List.of(code.split("\\.", -1));
    return new SimulatedCode(words.get(0), words.subList(1, words.size()));
  }

  /** Words without a user. */
  static SimulatedCode ofWords(String words) {
    return new SimulatedCode("", List.of(words.split("\\.", -1)));
  }

  /** This code, but of two numbers with one name the other's counts. */
  SimulatedCode outdoneBy(SimulatedCode other) {
    return new SimulatedCode(user, Stream.concat(other.words().stream(), words.stream()).toList());
  }

  boolean says(String word) {
    return words.contains(word);
  }

  /** The n of the first word {@code name=n}. */
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

  /** Codes are bound to the app whose client got them; one that names no app suits them all. */
  boolean belongsTo(String appid) {
    for (var word : words) {
      if (word.startsWith("appid=") && !word.equals("appid=" + appid)) {
        return false;
      }
    }
    return true;
  }
}
