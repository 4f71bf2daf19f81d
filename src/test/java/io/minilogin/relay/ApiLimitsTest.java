package io.minilogin.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiLimitsTest {
  private static final long BYTES_OF_CALL = 64 * 1024;

  /** The connections of clients may use another third. */
  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "4,80", "10,1000"})
  void allCallsFitIntoAThirdOfTheDirectMemory(int ofApp, int ofAll) {
    var most = ApiLimits.most(ofApp, ofAll);
    assertThat(most).isBetween(1, ofApp > 1 ? 64 : 128);
    if (most > 1) {
      assertThat(BYTES_OF_CALL * most * ofAll)
          .isLessThanOrEqualTo(PlatformDependent.maxDirectMemory() / 3);
    }
  }
}
