package io.minilogin.start;

import io.minilogin.settings.InvalidSetting;
import io.quarkus.arc.InactiveBeanException;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.net.BindException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Describes what is wrong with the configuration in one line that names the property. The line
 * omits the value, which may be a misplaced secret.
 */
final class StartRefusal {
  /**
   * Finds the kind and the TLS configuration in Quarkus' message about a file with certificates or
   * keys.
   */
  private static final Pattern KEPT_FILE =
      Pattern.compile("(?:Invalid|Unable to load) .*?\\b(trust|key).*?'([^']+)'");

  private static final String SOME_SETTING = "a setting has an invalid value";
  private static final String REDIS_HOSTS = "quarkus.redis.hosts";

  private StartRefusal() {}

  /**
   * Returns the line for a failed start; empty if the configuration is not the reason.
   *
   * @param given the settings of the operator, to find the property whose value a message quotes
   */
  static Optional<String> of(Throwable failure, Map<String, String> given) {
    return of(failure)
        .or(() -> FaultySetting.of(failure, given).map(InvalidSetting::unusable))
        .or(() -> isInvalid(failure) ? Optional.of(SOME_SETTING) : Optional.empty());
  }

  /** Returns the line for a failed start from the exceptions alone. */
  static Optional<String> of(Throwable failure) {
    return InvalidSetting.causes(failure)
        .map(cause -> ofQuarkus(cause).or(() -> InvalidSetting.of(cause)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Returns the line for an exception of Quarkus whose message does not name the property. */
  private static Optional<String> ofQuarkus(Throwable failure) {
    var message = String.valueOf(failure.getMessage());
    if (failure instanceof ConfigurationException) {
      if (message.startsWith("No TLS configuration named")) {
        return Optional.of(
            "quarkus.http.tls-configuration-name or quarkus.management.tls-configuration-name is"
                + " not the name of a quarkus.tls.<name>");
      }
      return message.startsWith("Multiple Redis hosts")
          ? Optional.of(
              REDIS_HOSTS + " has several addresses, but quarkus.redis.client-type is standalone")
          : Optional.empty();
    }
    if (failure instanceof IllegalStateException) {
      return tlsOrProxy(message);
    }
    if (failure instanceof InactiveBeanException) {
      // The only bean that can be inactive is the client of a Redis without an address.
      return Optional.of(InvalidSetting.unusable(REDIS_HOSTS));
    }
    if (failure instanceof QuarkusBindException port) {
      return Optional.of(UnusablePorts.traffic(port.getPort()));
    }
    // Quarkus has no exception of its own for the management port.
    return failure instanceof BindException
        ? Optional.of(UnusablePorts.management())
        : Optional.empty();
  }

  private static Optional<String> tlsOrProxy(String text) {
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
          "quarkus.%s.tls-configuration-name does not name a quarkus.tls.<name>".formatted(client));
    }
    return text.contains("quarkus.proxy.")
        ? Optional.of(
            "quarkus.proxy lacks a host, a port, a username or a password of a named proxy")
        : Optional.empty();
  }

  private static boolean isInvalid(Throwable failure) {
    return InvalidSetting.causes(failure).anyMatch(ConfigValidationException.class::isInstance);
  }
}
