package io.minilogin.opendata;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link OpenDataReaderTest} tests the check of data. */
class WatermarkTest {
  @ParameterizedTest
  @CsvSource({
    "-PT1S, PT0S, open-data.phone-number-max-age",
    "PT0S, -PT1S, open-data.max-age",
    "P4000D, PT0S, open-data.phone-number-max-age"
  })
  void invalidMaximumAgeIsRejected(Duration phoneNumber, Duration other, String property) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> watermark(phoneNumber, other))
        .withMessageContaining(property);
  }

  @Test
  void zeroMeansNoLimit() {
    assertThatNoException().isThrownBy(() -> watermark(Duration.ZERO, Duration.ZERO));
  }

  private static Watermark watermark(Duration phoneNumber, Duration other) {
    return MaxAges.watermark(phoneNumber, other, Clock.systemUTC());
  }
}
