package io.minilogin.start;

import io.quarkus.arc.InactiveBeanException;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Describes what is wrong with the configuration in one line that names the property. The line
 * omits the value, which may be a misplaced secret.
 */
final class StartRefusal {
  /**
   * Finds the property in SmallRye Config's messages; the rest of a message may quote the value.
   */
  private static final Pattern PROPERTY =
      Pattern.compile("(?:config property|config value) ([^\\s]+)");

  /** Finds the property in Quarkus' message about a value that cannot be injected. */
  private static final Pattern INJECTED =
      Pattern.compile("Failed to load config value of type .+ for: (\\S+)");

  /**
   * Finds the kind and the TLS configuration in Quarkus' message about a file with certificates or
   * keys.
   */
  private static final Pattern KEPT_FILE =
      Pattern.compile("(?:Invalid|Unable to load) .*?\\b(trust|key).*?'([^']+)'");

  private static final String SOME_SETTING = "a setting has a value that cannot be used";
  private static final String REDIS_HOSTS = "quarkus.redis.hosts";

  private StartRefusal() {}

  /**
   * Returns the line for a failed start; empty if the configuration is not the reason.
   *
   * @param given the settings of the operator, to find the property whose value a message quotes
   */
  static Optional<String> of(Throwable failure, Map<String, String> given) {
    return of(failure)
        .or(() -> FaultySetting.of(failure, given).map(StartRefusal::unusable))
        .or(() -> isInvalid(failure) ? Optional.of(SOME_SETTING) : Optional.empty());
  }

  /** Returns the line for a failed start from the exceptions alone. */
  static Optional<String> of(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigurationException ours) {
        return Optional.of(refusal(ours.getMessage()));
      }
      if (cause instanceof ConfigValidationException invalid) {
        return property(invalid.getProblem(0).getMessage()).map(StartRefusal::unusable);
      }
      if (cause instanceof IllegalArgumentException || cause instanceof NoSuchElementException) {
        var property = property(cause.getMessage());
        if (property.isPresent()) {
          return property.map(StartRefusal::unusable);
        }
      }
      if (cause instanceof IllegalStateException) {
        var line = tlsOrProxy(cause.getMessage());
        if (line.isPresent()) {
          return line;
        }
      }
      if (cause instanceof InactiveBeanException) {
        // The only bean that can be inactive is the client of a Redis without an address.
        return Optional.of(unusable(REDIS_HOSTS));
      }
      if (cause instanceof QuarkusBindException) {
        return Optional.of(unusablePort("quarkus.http.port"));
      }
      if (cause instanceof BindException) {
        // Quarkus has no exception of its own for the management port.
        return Optional.of(unusablePort("quarkus.management.port"));
      }
    }
    return Optional.empty();
  }

  private static String refusal(String message) {
    if (message.startsWith("No TLS configuration named")) {
      return "quarkus.http.tls-configuration-name or quarkus.management.tls-configuration-name is"
          + " not that of a quarkus.tls.<name>";
    }
    if (message.startsWith("Multiple Redis hosts")) {
      return REDIS_HOSTS + " has several addresses, and quarkus.redis.client-type is standalone";
    }
    var injected = INJECTED.matcher(message);
    return injected.find() ? unusable(injected.group(1)) : message;
  }

  private static Optional<String> tlsOrProxy(String message) {
    var text = String.valueOf(message);
    var kept = KEPT_FILE.matcher(text);
    if (kept.find()) {
      var name = kept.group(2).equals("<default>") ? "" : kept.group(2) + ".";
      return Optional.of(
          "quarkus.tls.%s%s-store has a file that cannot be read, or a wrong password"
              .formatted(name, kept.group(1)));
    }
    if (text.startsWith("Unable to find the TLS configuration")) {
      var client = text.contains("Redis client") ? "redis" : "rest-client.wechat";
      return Optional.of(
          "quarkus.%s.tls-configuration-name is not that of a quarkus.tls.<name>"
              .formatted(client));
    }
    return text.contains("quarkus.proxy.")
        ? Optional.of("quarkus.proxy has no host, port, username or password for a proxy's name")
        : Optional.empty();
  }

  private static String unusablePort(String property) {
    return property + " is a port that is in use or may not be used";
  }

  private static String unusable(String property) {
    return property + " is missing or has a value that cannot be used";
  }

  private static boolean isInvalid(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(ConfigValidationException.class::isInstance);
  }

  private static Optional<String> property(String message) {
    var matcher = PROPERTY.matcher(message == null ? "" : message);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }
}
