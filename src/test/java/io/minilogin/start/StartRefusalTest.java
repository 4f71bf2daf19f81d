package io.minilogin.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.BindException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad configuration stops the start with one line that names the property, never its value. */
class StartRefusalTest {

  @ConfigMapping(prefix = "some")
  interface Settings {
    int number();
  }

  @ParameterizedTest
  @ValueSource(strings = {"banana", "12x", "-"})
  void aValueThatCannotBeReadIsNotRepeated(String value) {
    var line = StartRefusal.of(wrapped(failureOf(Map.of("some.number", value))));
    assertThat(line).contains("some.number is missing or has a value that cannot be used");
  }

  @Test
  void aMissingValueIsNamed() {
    assertThat(StartRefusal.of(wrapped(failureOf(Map.of()))))
        .get()
        .asString()
        .startsWith("some.number ");
  }

  @Test
  void whatTheServiceItselfFindsWrongIsTold() {
    assertThat(StartRefusal.of(wrapped(new ConfigurationException("wechat.secret is missing"))))
        .contains("wechat.secret is missing");
  }

  @Test
  void thePortThatIsInUseIsNamed() {
    var inUse = new BindException("Address already in use");
    assertThat(StartRefusal.of(wrapped(new QuarkusBindException("0.0.0.0", 8080, inUse))))
        .contains("quarkus.http.port is a port that is in use or may not be used");
    assertThat(StartRefusal.of(wrapped(new IllegalStateException("management", inUse))))
        .contains("quarkus.management.port is a port that is in use or may not be used");
  }

  @Test
  void aBugIsNoMatterOfConfiguration() {
    assertThat(StartRefusal.of(wrapped(new NullPointerException()))).isEqualTo(Optional.empty());
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
      throw new AssertionError("was accepted");
    } catch (ConfigValidationException e) {
      return e;
    }
  }

  @Test
  void aValueThatIsInjectedIsNamedAsAnyOther() {
    var quarkus =
        new ConfigurationException(
            "Failed to load config value of type class java.time.Duration for: login.replay-window\n");

    assertThat(StartRefusal.of(new RuntimeException(quarkus)))
        .contains("login.replay-window is missing or has a value that cannot be used");
  }
}
