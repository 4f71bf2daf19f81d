package io.minilogin.connection;

import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Refuses a start with ports that cannot be opened as configured. Quarkus opens all ports at the
 * same time and mixes its message about a failed port with the log of the others.
 */
@Startup
@Singleton
class PortSettings {
  PortSettings(Config config, TlsConfigurationRegistry tls) {
    requireOpenPorts(config);
    for (var property :
        List.of("quarkus.http.port", "quarkus.http.ssl-port", "quarkus.management.port")) {
      Setting.require(
          config
              .getOptionalValue(property, Integer.class)
              .filter(port -> port < 0 || port > Setting.LARGEST_PORT)
              .isEmpty(),
          property + " must be between 0 and 65535");
    }
    for (var property : List.of("quarkus.http.host", "quarkus.management.host")) {
      Setting.require(
          config.getOptionalValue(property, String.class).filter(PortSettings::isNoHost).isEmpty(),
          property + " must be an address of this machine or a name that resolves to one");
    }
    for (var property :
        List.of(
            "quarkus.http.tls-configuration-name", "quarkus.management.tls-configuration-name")) {
      Optional<String> name = config.getOptionalValue(property, String.class);
      Setting.require(
          name.isEmpty() || tls.get(name.get()).isPresent(),
          property + " does not name a quarkus.tls.<name>");
    }
  }

  /** Refuses a limit that closes every connection, and a negative time before a stop. */
  private static void requireOpenPorts(Config config) {
    var limit = "quarkus.http.limits.max-connections";
    Setting.require(
        config.getOptionalValue(limit, Integer.class).filter(most -> most < 1).isEmpty(),
        limit + " must be at least 1");
    var delay = "quarkus.shutdown.delay";
    Setting.require(
        config.getOptionalValue(delay, Duration.class).filter(Duration::isNegative).isEmpty(),
        delay + " must not be negative");
  }

  private static boolean isNoHost(String host) {
    try {
      InetAddress.getByName(host);
      return false;
    } catch (UnknownHostException e) {
      return true;
    }
  }
}
