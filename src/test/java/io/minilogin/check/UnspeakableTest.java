package io.minilogin.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records print their components unless told otherwise; these must not. */
class UnspeakableTest {
  private static final String SECRET = "s3cret";

  static Stream<Record> recordsThatHoldASecret() {
    var session =
        new Session(
            "wx1", SECRET, Optional.of(SECRET), Instant.EPOCH, Duration.ofDays(7), Instant.EPOCH);
    return Stream.of(new Credentials("one", SECRET), Introspection.of(session));
  }

  @ParameterizedTest
  @MethodSource("recordsThatHoldASecret")
  void neitherSecretNorOpenidIsPrinted(Record data) {
    assertThat(data.toString()).doesNotContain(SECRET);
  }
}
