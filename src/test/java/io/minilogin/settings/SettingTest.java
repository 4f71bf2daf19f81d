package io.minilogin.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.001S", "P1D"})
  void durationWithinItsRangeIsAccepted(String text) {
    var value = Duration.parse(text);

    assertThat(Setting.between("a.setting", value, Duration.ZERO, Duration.ofDays(1)))
        .isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "P1DT0.001S"})
  void durationOutsideItsRangeIsRejected(String text) {
    var value = Duration.parse(text);

    assertThatThrownBy(() -> Setting.between("a.setting", value, Duration.ZERO, Duration.ofDays(1)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("a.setting must be between 0S and 1D");
  }
}
