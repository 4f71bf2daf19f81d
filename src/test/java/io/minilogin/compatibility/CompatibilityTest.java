package io.minilogin.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * This version keeps the promises of earlier versions. MixedVersionsIT tests the format of the data
 * in Redis.
 */
class CompatibilityTest {
  private static final String RECORD = "compatibility.record";

  @ParameterizedTest
  @EnumSource
  void recordedPromisesAreKept(Promise promise) throws IOException {
    assertThat(promise.current())
        .as("docs/compatibility.md: within 1.x nothing is removed from " + promise)
        .isNotEmpty()
        .containsAll(promise.recorded());
  }

  /** With the system property, the test records new promises. It never removes a recorded one. */
  @ParameterizedTest
  @EnumSource
  void newPromisesAreRecorded(Promise promise) throws IOException {
    var recorded = promise.recorded();
    if (Boolean.getBoolean(RECORD)) {
      recorded.addAll(promise.current());
      promise.record(recorded);
    }
    assertThat(recorded)
        .as("run ./mvnw test -Dtest=CompatibilityTest -D%s=true and commit the files", RECORD)
        .containsAll(promise.current());
  }
}
