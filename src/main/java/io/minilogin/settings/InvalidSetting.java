package io.minilogin.settings;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Describes a setting that cannot be used in one line that names the property. The line omits the
 * value, which may be a misplaced secret.
 */
public final class InvalidSetting {
  /**
   * Finds the property in SmallRye Config's messages; the rest of a message may quote the value.
   */
  private static final Pattern PROPERTY =
      Pattern.compile("(?:config property|config value) ([^\\s]+)");

  /** Finds the property in Quarkus' message about a value that cannot be injected. */
  private static final Pattern INJECTED =
      Pattern.compile("Failed to load config value of type .+ for: (\\S+)");

  /** Part of the message of Quarkus' converter for durations. */
  private static final String NO_DURATION = "Invalid duration: ";

  private static final String DURATIONS = ": write a duration as 30S, 12H, 7D or PT1H30M";

  private InvalidSetting() {}

  /** Returns the line; empty if neither the exception nor one of its causes is about a setting. */
  public static Optional<String> in(Throwable failure) {
    return causes(failure).map(InvalidSetting::of).flatMap(Optional::stream).findFirst();
  }

  /** Returns the exception and its causes, from the outermost to the innermost. */
  public static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
  }

  /** Returns the line for this exception alone, without its causes. */
  public static Optional<String> of(Throwable failure) {
    if (failure instanceof ConfigurationException ours) {
      var injected = INJECTED.matcher(ours.getMessage());
      return Optional.of(injected.find() ? unusable(injected.group(1)) : ours.getMessage());
    }
    if (failure instanceof ConfigValidationException invalid) {
      return property(invalid.getProblem(0).getMessage());
    }
    return failure instanceof IllegalArgumentException || failure instanceof NoSuchElementException
        ? property(failure.getMessage())
        : Optional.empty();
  }

  /** Returns the line for a property that is missing or unusable. */
  public static String unusable(String property) {
    return property + " is missing or has an invalid value";
  }

  private static Optional<String> property(String message) {
    var text = String.valueOf(message);
    var matcher = PROPERTY.matcher(text);
    return matcher.find()
        ? Optional.of(unusable(matcher.group(1)) + (text.contains(NO_DURATION) ? DURATIONS : ""))
        : Optional.empty();
  }
}
