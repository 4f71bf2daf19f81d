package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.RedisSessions.Found;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnsealedSessionsTest {
  private UnsealedSessions latest = new UnsealedSessions(1);
  private int openings;

  @Test
  void theSameBytesUnderTheSameKeyAreOpenedOnce() {
    var first = find("a", "value");
    assertThat(find("a", "value")).isEqualTo(first);
    assertThat(openings).isEqualTo(1);
  }

  @Test
  void otherBytesAreOpened() {
    find("a", "value");
    find("a", "another");
    find("a", "value");
    assertThat(openings).isEqualTo(3);
  }

  @Test
  void theSameBytesUnderAnotherKeyAreOpened() {
    find("a", "value");
    assertThat(latest.find("b", bytes("value"), Optional::empty)).isEmpty();
  }

  @Test
  void whatDoesNotOpenIsTriedAgain() {
    assertThat(latest.find("a", bytes("value"), Optional::empty)).isEmpty();
    assertThat(find("a", "value")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"1, 4096", "4, 1024", "64, 64"})
  void whatWasNotUsedForLongIsForgotten(int eventLoops, int share) {
    latest = new UnsealedSessions(eventLoops);
    find("first", "value");
    IntStream.range(0, share).forEach(i -> find("key " + i, "value"));
    openings = 0;
    find("key 0", "value");
    assertThat(openings).isZero();
    find("first", "value");
    assertThat(openings).isEqualTo(1);
  }

  private Optional<Found> find(String key, String value) {
    return latest.find(
        key,
        bytes(value),
        () -> {
          openings++;
          return Optional.of(new Found(session(), bytes(value)));
        });
  }

  private static Session session() {
    return new Session(
        new UserId("wx1", "oAlice"),
        Optional.empty(),
        Instant.EPOCH,
        Duration.ofDays(7),
        Instant.EPOCH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
