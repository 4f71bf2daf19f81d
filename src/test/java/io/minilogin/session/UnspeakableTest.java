package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.seal.Seals;
import java.nio.charset.StandardCharsets;
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
    return Stream.of(
        token,
        session,
        new SessionPrincipal(token, session),
        SessionAnswer.of(session, Instant.EPOCH),
        new SessionStore.Opened(token, session),
        new RedisSessions.Found(session, new byte[0], false),
        new BearerHeader.Given(token),
        new Seals.Opened("wx1", SECRET.getBytes(StandardCharsets.UTF_8), false));
  }

  @ParameterizedTest
  @MethodSource("recordsThatHoldASecret")
  void neitherSecretNorTokenNorOpenidIsPrinted(Record data) {
    assertThat(data.toString()).doesNotContain(SECRET);
  }
}
