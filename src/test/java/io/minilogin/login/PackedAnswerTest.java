package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.login.RedisCodes.State;
import io.minilogin.session.Session;
import io.minilogin.session.SessionToken;
import io.minilogin.session.UserId;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackedAnswerTest {
  private static final SessionToken TOKEN = SessionToken.ofBytes(new byte[32]);
  private static final Instant AT = Instant.ofEpochMilli(1_795_355_547_123L);
  private static final Instant BEFORE = AT.minusMillis(1);

  @Test
  void packedLoginIsUnpackedAsItsToken() {
    var packed = packedLogin();

    assertThat(packed).hasSize(41);
    assertThat(PackedAnswer.unpack(packed, BEFORE)).isEqualTo(new State.LoggedIn(TOKEN));
  }

  @Test
  void expiredAnswerIsSpent() {
    assertThat(PackedAnswer.unpack(packedLogin(), AT)).isEqualTo(State.Answered.SPENT);
  }

  @ParameterizedTest
  @EnumSource
  void everyRefusalIsUnpackedUnchanged(Refusal refusal) {
    assertComesBack(refusal, OptionalInt.empty(), Optional.empty());
    assertComesBack(refusal, OptionalInt.of(40029), Optional.of("64ae2697-4841f7ca-038035c2"));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 99999, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void errcodeWithoutARidIsUnpackedUnchanged(int errcode) {
    assertComesBack(Refusal.FAILED, OptionalInt.of(errcode), Optional.empty());
  }

  @Test
  void ridWithoutAnErrcodeIsUnpackedUnchanged() {
    assertComesBack(Refusal.FAILED, OptionalInt.empty(), Optional.of("64ae2697"));
  }

  @Test
  void blockIsUnpackedUnchanged() {
    for (var until : List.of(Optional.<Instant>empty(), Optional.of(AT.plusSeconds(60)))) {
      var block = new LoginOutcome.Blocked(until);
      assertThat(PackedAnswer.unpack(PackedAnswer.pack(block, AT), BEFORE))
          .isEqualTo(new State.Answered(block));
    }
  }

  private static byte[] packedLogin() {
    var session =
        new Session(
            new UserId("wx1", "oAlice"),
            Optional.empty(),
            Instant.EPOCH,
            Duration.ofDays(7),
            Instant.EPOCH);
    return PackedAnswer.pack(new LoginOutcome.LoggedIn(TOKEN, session), AT);
  }

  private static void assertComesBack(Refusal refusal, OptionalInt errcode, Optional<String> rid) {
    var why = new WechatOutcome.Refused<>(refusal, errcode, rid);

    assertThat(PackedAnswer.unpack(PackedAnswer.pack(new LoginOutcome.Refused(why), AT), BEFORE))
        .isEqualTo(new State.Answered(new LoginOutcome.Refused(why)));
  }
}
