package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {
  private record Settings(Duration replayWindow) implements LoginSettings {}

  @Test
  void zeroTurnsItOff() {
    assertThat(window("PT0S").isOff()).isTrue();
    assertThat(window("PT0.001S").isOff()).isFalse();
    assertThat(window("P1D").isOff()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "P1DT0.001S"})
  void aWindowThatMakesNoSenseIsRefused(String length) {
    assertThatThrownBy(() -> window(length))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("login.replay-window ");
  }

  private static ReplayWindow window(String length) {
    return new ReplayWindow(new Settings(Duration.parse(length)));
  }
}
