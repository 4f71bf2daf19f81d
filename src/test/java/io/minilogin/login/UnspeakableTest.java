package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.Session;
import io.minilogin.session.SessionToken;
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
    var token = new SessionToken("mlt_" + SECRET);
    var session =
        new Session(
            "wx1", SECRET, Optional.of(SECRET), Instant.EPOCH, Duration.ofDays(7), Instant.EPOCH);
    var loggedIn = new LoginOutcome.LoggedIn(token, session);
    return Stream.of(
        new LoginRequest(SECRET, "wx1"),
        LoginResponse.of(loggedIn),
        loggedIn,
        CodeHash.of("wx1", SECRET),
        new PackedAnswer.Token(Instant.EPOCH, token),
        new RedisCodes.State.Answered(new PackedAnswer.Token(Instant.EPOCH, token)));
  }

  @ParameterizedTest
  @MethodSource("recordsThatHoldASecret")
  void neitherCodeNorTokenNorOpenidIsPrinted(Record data) {
    assertThat(data.toString()).doesNotContain(SECRET);
  }
}
