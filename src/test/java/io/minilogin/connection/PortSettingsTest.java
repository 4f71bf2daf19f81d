package io.minilogin.connection;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortSettingsTest {
  private static final class NoTls implements TlsConfigurationRegistry {
    @Override
    public Optional<TlsConfiguration> get(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<TlsConfiguration> getDefault() {
      return Optional.empty();
    }

    @Override
    public void register(String name, TlsConfiguration configuration) {
      throw new UnsupportedOperationException();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.http.port, 65536",
    "quarkus.http.port, -1",
    "quarkus.http.ssl-port, 65536",
    "quarkus.management.port, 99999",
    "quarkus.http.limits.max-connections, 0",
    "quarkus.http.limits.max-connections, -2",
    "quarkus.shutdown.delay, PT-3S",
    "quarkus.http.host, no-such-host.invalid",
    "quarkus.management.host, no-such-host.invalid",
    "quarkus.http.tls-configuration-name, missing",
    "quarkus.management.tls-configuration-name, missing"
  })
  void unusableSettingIsRejectedAndNotRepeated(String property, String value) {
    assertThatThrownBy(() -> settings(property, value))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(property + " ")
        .hasMessageNotContaining(value);
  }

  @ParameterizedTest
  @CsvSource({
    "quarkus.http.port, 0",
    "quarkus.management.port, 65535",
    "quarkus.http.limits.max-connections, 1",
    "quarkus.shutdown.delay, PT0S",
    "quarkus.http.host, 0.0.0.0",
    "quarkus.http.host, ::1",
    "quarkus.management.host, localhost"
  })
  void usableSettingIsAccepted(String property, String value) {
    assertThatCode(() -> settings(property, value)).doesNotThrowAnyException();
  }

  private static PortSettings settings(String property, String value) {
    var config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(Map.of(property, value), "test", 300))
            .build();
    return new PortSettings(config, new NoTls());
  }
}
