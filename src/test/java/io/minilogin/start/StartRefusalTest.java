package io.minilogin.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.BindException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid configuration stops the start with one line that names the property, never its value. */
class StartRefusalTest {

  @ConfigMapping(prefix = "some")
  interface Settings {
    int number();
  }

  @ParameterizedTest
  @ValueSource(strings = {"banana", "12x", "-"})
  void unreadableValueIsNotRepeated(String value) {
    var line = StartRefusal.of(wrapped(failureOf(Map.of("some.number", value))));
    assertThat(line).contains("some.number is missing or has an invalid value");
  }

  @Test
  void missingPropertyIsNamed() {
    assertThat(StartRefusal.of(wrapped(failureOf(Map.of()))))
        .get()
        .asString()
        .startsWith("some.number ");
  }

  @Test
  void configurationErrorOfTheServiceIsReported() {
    assertThat(StartRefusal.of(wrapped(new ConfigurationException("wechat.secret is missing"))))
        .contains("wechat.secret is missing");
  }

  @Test
  void portInUseIsNamed() {
    var inUse = new BindException("Address already in use");
    assertThat(StartRefusal.of(wrapped(new QuarkusBindException("0.0.0.0", 8080, inUse))))
        .get()
        .asString()
        .startsWith(
            "port 8080 (quarkus.http.port) is in use or may not be used; QUARKUS_HTTP_PORT changes it");
    assertThat(StartRefusal.of(wrapped(new IllegalStateException("management", inUse))))
        .get()
        .asString()
        .startsWith(
            "port 9000 (quarkus.management.port) is in use or may not be used;"
                + " QUARKUS_MANAGEMENT_PORT changes it");
  }

  /** Maps error messages of Quarkus to the property that operators see. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Invalid PEM trusted certificates configuration for certificate '<default>' - cannot read"
            + " the PEM certificate files | quarkus.tls.trust-store",
        "Invalid key/certificate pair configuration for certificate 'redis' |"
            + " quarkus.tls.redis.key-store",
        "Unable to load P12 trust store 'wechat', verify the password. |"
            + " quarkus.tls.wechat.trust-store",
        "Unable to find the TLS configuration s3cret for the Redis client <default>."
            + " | quarkus.redis.tls-configuration-name",
        "Unable to find the TLS configuration for name s3cret."
            + " | quarkus.rest-client.wechat.tls-configuration-name",
        "If quarkus.proxy.\"s3cret\"..host is set, quarkus.proxy.\"s3cret\"..port must also be set"
            + " | quarkus.proxy"
      })
  void propertyBehindAnErrorOfQuarkusIsNamed(String message, String property) {
    assertThat(StartRefusal.of(wrapped(new IllegalStateException(message))))
        .get()
        .asString()
        .startsWith(property + " ")
        .doesNotContain("s3cret");
  }

  @Test
  void severalHostsForAStandaloneRedisAreReported() {
    var quarkus =
        new ConfigurationException("Multiple Redis hosts supplied for non-clustered configuration");
    assertThat(StartRefusal.of(wrapped(quarkus)))
        .get()
        .asString()
        .startsWith("quarkus.redis.hosts ");
  }

  @Test
  void bugIsNotAConfigurationError() {
    assertThat(StartRefusal.of(wrapped(new NullPointerException()))).isEqualTo(Optional.empty());
    assertThat(StartRefusal.of(wrapped(new IllegalStateException()))).isEmpty();
  }

  /** Maps errors of libraries, which know no properties, to one of the settings of the operator. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "java.io.IOException | /run/s3cret.pem | quarkus.http.ssl.certificate.files |"
            + " /run/s3cret.pem",
        "java.io.IOException | Is a directory | quarkus.http.ssl.certificate.files | /run/s3cret",
        "java.lang.RuntimeException | Missing -----BEGIN PRIVATE KEY----- |"
            + " quarkus.management.ssl.certificate.files | s3cret",
        "java.net.UnknownHostException | s3cret: Name or service not known | quarkus.http.host |"
            + " s3cret",
        "java.lang.IllegalArgumentException | Invalid endpoint: s3cret |"
            + " quarkus.otel.exporter.otlp.endpoint | s3cret",
        "java.lang.IllegalArgumentException | eventLoopPoolSize must be > 0 |"
            + " quarkus.vertx.event-loops-pool-size | 0",
        "java.lang.IllegalArgumentException | idleTimeout must be >= 0 | quarkus.http.idle-timeout"
            + " | -1S",
        "java.lang.IllegalArgumentException | Invalid port number | quarkus.proxy.port | 70000",
        "java.lang.IllegalArgumentException | long overflow | session.lifetime | 99999999999999D",
        "java.lang.NullPointerException | ip is null | quarkus.otel.exporter.otlp.endpoint |"
            + " http://s3cret_host:4317"
      })
  void propertyBehindAnErrorOfALibraryIsNamed(
      Class<? extends Exception> type, String message, String property, String value)
      throws ReflectiveOperationException {
    var failure = type.getConstructor(String.class).newInstance(message);
    var given = Map.of(property, value, "quarkus.http.port", "8080", "quarkus.http.root-path", "/");
    assertThat(StartRefusal.of(wrapped(failure), given))
        .get()
        .asString()
        .startsWith(property.replace("certificate.files", "certificate"))
        .doesNotContain("s3cret");
  }

  @Test
  void failureWithoutAMatchingSettingIsABug() {
    var given = Map.of("wechat.appid", "wx1111111111111111", "quarkus.http.port", "8080");
    assertThat(StartRefusal.of(wrapped(new NullPointerException("it is null")), given)).isEmpty();
    assertThat(StartRefusal.of(wrapped(new IllegalStateException("a state")), given)).isEmpty();
  }

  @Test
  void givenSettingsExcludeThoseOfTheJar() {
    var config =
        new SmallRyeConfigBuilder()
            .withSources(
                new PropertiesConfigSource(Map.of("a.port", "1", "b.port", "2"), "jar", 250),
                new PropertiesConfigSource(Map.of("b.port", "3"), "environment", 300))
            .build();
    assertThat(GivenSettings.of(config)).containsExactly(Map.entry("b.port", "3"));
  }

  private static Throwable wrapped(Throwable cause) {
    return new RuntimeException("Failed to start quarkus", cause);
  }

  private static Throwable failureOf(Map<String, String> properties) {
    try {
      new SmallRyeConfigBuilder()
          .withMapping(Settings.class)
          .withSources(new PropertiesConfigSource(properties, "test", 100))
          .build();
      throw new AssertionError("the value was accepted");
    } catch (ConfigValidationException e) {
      return e;
    }
  }

  @Test
  void injectedPropertyIsNamed() {
    var quarkus =
        new ConfigurationException(
            "Failed to load config value of type class java.time.Duration for:"
                + " login.replay-window\n");

    assertThat(StartRefusal.of(new RuntimeException(quarkus)))
        .contains("login.replay-window is missing or has an invalid value");
  }

  @ConfigMapping(prefix = "some")
  interface Times {
    Duration time();
  }

  @ParameterizedTest
  @ValueSource(strings = {"7 days", "banana", "P7"})
  void invalidDurationIsAnsweredWithExamples(String value) {
    var builder =
        new SmallRyeConfigBuilder()
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(Times.class)
            .withDefaultValue("some.time", value);
    assertThat(StartRefusal.of(catchThrowable(builder::build)))
        .contains(
            "some.time is missing or has an invalid value:"
                + " write a duration as 30S, 12H, 7D or PT1H30M");
  }
}
