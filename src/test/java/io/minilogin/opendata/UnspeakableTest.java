package io.minilogin.opendata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Records print their components unless told otherwise; these must not. */
class UnspeakableTest {
  private static final String SECRET = "s3cret";

  static Stream<Record> recordsThatHoldASecret() {
    var signed = new EncryptedData.Signed(SECRET, SECRET);
    return Stream.of(
        signed,
        new EncryptedData(new byte[16], new byte[16], Optional.of(signed)),
        new OpenDataRequest(SECRET, SECRET, SECRET, SECRET),
        new OpenData(SECRET, Optional.of(SECRET)),
        new PhoneNumberRequest(SECRET));
  }

  @ParameterizedTest
  @MethodSource("recordsThatHoldASecret")
  void neitherDataNorCodeNorUnionidIsPrinted(Record data) {
    assertThat(data.toString()).doesNotContain(SECRET);
  }
}
