package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.Session;
import io.minilogin.session.SessionToken;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCall;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedAnswerTest {
  private static final SessionToken TOKEN = SessionToken.ofBytes(new byte[32]);
  private static final Instant AT = Instant.ofEpochMilli(1_795_355_547_123L);

  @Test
  void aLoginComesBackAsItsToken() {
    var session =
        new Session(
            "wx1", "oAlice", Optional.empty(), Instant.EPOCH, Duration.ofDays(7), Instant.EPOCH);
    var packed = PackedAnswer.pack(new LoginOutcome.LoggedIn(TOKEN, session), AT);
    assertThat(packed).hasSize(41);
    assertThat(PackedAnswer.unpack(packed)).isEqualTo(new PackedAnswer.Token(AT, TOKEN));
  }

  @ParameterizedTest
  @EnumSource
  void everyRefusalComesBack(Refusal refusal) {
    assertComesBack(RefusedCall.without(refusal));
  }

  @ParameterizedTest
  @EnumSource
  void everyRefusalComesBackWithWhatWechatSaid(Refusal refusal) {
    assertComesBack(
        new RefusedCall(refusal, OptionalInt.of(40029), Optional.of("64ae2697-4841f7ca-038035c2")));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99999, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void anyErrcodeComesBackWithoutARid(int errcode) {
    assertComesBack(new RefusedCall(Refusal.FAILED, OptionalInt.of(errcode), Optional.empty()));
  }

  @Test
  void aRidComesBackWithoutAnErrcode() {
    assertComesBack(new RefusedCall(Refusal.FAILED, OptionalInt.empty(), Optional.of("64ae2697")));
  }

  private static void assertComesBack(RefusedCall why) {
    var packed = PackedAnswer.pack(new LoginOutcome.Refused(why), AT);
    assertThat(PackedAnswer.unpack(packed)).isEqualTo(new PackedAnswer.Refused(AT, why));
  }
}
