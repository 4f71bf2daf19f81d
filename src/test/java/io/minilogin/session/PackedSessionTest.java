package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedSessionTest {
  private static final String APPID = "wx1111111111111111";
  private static final Instant EXPIRES_AT = Instant.parse("2024-05-08T12:00:00.123Z");

  private static final Instant USED_AT = Instant.ofEpochSecond(0x6632d1c0L);

  @Test
  void packedSessionIsUnpackedUnchanged() {
    assertIsUnpackedUnchanged(session("oAlice", Optional.of("uAlice"), Duration.ofDays(7)));
  }

  @Test
  void sessionWithoutAUnionidIsUnpackedUnchanged() {
    assertIsUnpackedUnchanged(session("oAlice", Optional.empty(), Duration.ofDays(7)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 28, 127, 128, 255})
  void idsOfAnyLengthAreUnpackedUnchanged(int length) {
    var id = "i".repeat(length);
    assertIsUnpackedUnchanged(session(id, Optional.of(id), Duration.ofDays(7)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3650 * 24 * 3600L})
  void shortestAndLongestLifetimeAreUnpackedUnchanged(long seconds) {
    assertIsUnpackedUnchanged(session("oAlice", Optional.empty(), Duration.ofSeconds(seconds)));
  }

  @Test
  void unpackedSessionBelongsToTheAppOfItsSeal() {
    var packed = PackedSession.pack(session("oAlice", Optional.empty(), Duration.ofDays(7)));
    assertThat(PackedSession.unpack("wx2222222222222222", packed).user().appid())
        .isEqualTo("wx2222222222222222");
  }

  /** Sessions outlive an update of the service. */
  @Test
  void formatIsStable() {
    var packed =
        HexFormat.of()
            .parseHex(
                "0000018f5813227b" // 2024-05-08T12:00:00.123Z in epoch milliseconds
                    + "00093a80" // 604800 s
                    + "06"
                    + hex("oAlice")
                    + "06"
                    + hex("uAlice")
                    + "6632d1c0"); // 2024-05-01T23:36:00Z in epoch seconds
    var session = session("oAlice", Optional.of("uAlice"), Duration.ofDays(7));
    assertThat(PackedSession.unpack(APPID, packed)).isEqualTo(session);
    assertThat(PackedSession.pack(session)).isEqualTo(packed);
  }

  private static void assertIsUnpackedUnchanged(Session session) {
    assertThat(PackedSession.unpack(APPID, PackedSession.pack(session))).isEqualTo(session);
  }

  private static Session session(String openid, Optional<String> unionid, Duration lifetime) {
    return new Session(new UserId(APPID, openid), unionid, EXPIRES_AT, lifetime, USED_AT);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
  }
}
