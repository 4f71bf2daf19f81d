package io.minilogin.accesstoken;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.Secret;
import io.minilogin.wechat.IssuedAccessToken;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AccessTokenTest {
  private static final Instant NOW = Instant.parse("2024-05-01T12:00:00Z");

  @Test
  void tokenIsGoodUntilItExpires() {
    var token = issued(7200);
    assertThat(token.isGood(NOW)).isTrue();
    assertThat(token.isGood(NOW.plusSeconds(7199))).isTrue();
    assertThat(token.isGood(NOW.plusSeconds(7200))).isFalse();
  }

  @Test
  void tokenIsDueFiveMinutesBeforeItExpires() {
    var token = issued(7200);
    assertThat(token.isDue(NOW.plusSeconds(6899))).isFalse();
    assertThat(token.isDue(NOW.plusSeconds(6900))).isTrue();
    assertThat(token.isGood(NOW.plusSeconds(6900))).isTrue();
  }

  @Test
  void shortLivedTokenIsNotDueAtOnce() {
    var token = issued(60);
    assertThat(token.isDue(NOW.plusSeconds(9))).isFalse();
    assertThat(token.isDue(NOW.plusSeconds(10))).isTrue();
  }

  @Test
  void failureDelaysTheNextAttempt() {
    var token = issued(7200).dueLater(NOW.plusSeconds(6900));
    assertThat(token.isDue(NOW.plusSeconds(6909))).isFalse();
    assertThat(token.isDue(NOW.plusSeconds(6910))).isTrue();
  }

  @Test
  void packedTokenIsUnpackedUnchanged() {
    var token = issued(7200).forcedAt(NOW);
    assertThat(PackedAccessToken.unpack(PackedAccessToken.pack(token))).isEqualTo(token);
    assertThat(PackedAccessToken.unpack(PackedAccessToken.pack(issued(60)))).isEqualTo(issued(60));
  }

  @Test
  void textIsNotPrinted() {
    assertThat(issued(7200).toString()).doesNotContain("t0ken");
  }

  private static AccessToken issued(long seconds) {
    return AccessToken.of(
        new IssuedAccessToken(new Secret("t0ken"), Duration.ofSeconds(seconds)),
        ForcedRefreshes.NONE,
        NOW);
  }
}
