package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.problem.ProblemType;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
  @ParameterizedTest
  @CsvSource({
    "40029, CODE_INVALID",
    "40163, CODE_USED",
    "40226, USER_BLOCKED",
    "45011, THROTTLED",
    "45009, THROTTLED",
    "-1, WECHAT_BUSY",
    "40013, APP_MISCONFIGURED",
    "40125, APP_MISCONFIGURED",
    "40243, APP_MISCONFIGURED",
    "41002, APP_MISCONFIGURED",
    "41004, APP_MISCONFIGURED",
    "40002, APP_MISCONFIGURED",
    "40164, APP_MISCONFIGURED",
    "87009, SESSION_KEY_STALE",
    "40001, WECHAT_FAILED",
    "40014, WECHAT_FAILED",
    "42001, WECHAT_FAILED",
    "41008, INTERNAL",
    "99999, WECHAT_FAILED",
    "-2, WECHAT_FAILED",
    "2147483647, WECHAT_FAILED"
  })
  void anErrcodeIsThisProblem(int errcode, ProblemType problem) {
    assertThat(Refusal.ofErrcode(errcode).problem().type()).isEqualTo(problem);
  }

  @Test
  void aMinutesQuotaIsOverSoonerThanADays() {
    assertThat(Refusal.ofErrcode(45011).problem().retryAfter()).contains(Duration.ofMinutes(1));
    assertThat(Refusal.ofErrcode(45009).problem().retryAfter())
        .hasValueSatisfying(wait -> assertThat(wait).isGreaterThan(Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {
        "MINUTE_QUOTA",
        "DAY_QUOTA",
        "BUSY",
        "CIRCUIT_OPEN",
        "TOO_MANY_CALLS",
        "NO_OTHER_TOKEN"
      })
  void whoeverIsToWaitLearnsHowLong(Refusal refusal) {
    assertThat(refusal.problem().retryAfter())
        .hasValueSatisfying(wait -> assertThat(wait.toSeconds()).isPositive());
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {"CODE_INVALID", "CODE_USED", "USER_BLOCKED", "TIMEOUT", "FAILED"})
  void whereWaitingDoesNotHelpNoneIsAskedFor(Refusal refusal) {
    assertThat(refusal.problem().retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void theProblemTellsWhatWechatSaid(Refusal refusal) {
    var problem =
        new WechatOutcome.Refused<>(refusal, OptionalInt.of(42), Optional.of("rid")).problem();
    assertThat(problem.type()).isEqualTo(refusal.problem().type());
    assertThat(problem.detail()).isNotBlank();
    assertThat(problem.errcode()).hasValue(42);
    assertThat(problem.rid()).contains("rid");
  }

  @Test
  void withoutAWordOfWechatsTheProblemHasNone() {
    assertThat(Refusal.TIMEOUT.problem().errcode()).isEmpty();
    assertThat(Refusal.TIMEOUT.problem().rid()).isEmpty();
  }

  @Test
  void eachHasAnIdOfItsOwnThatStays() {
    assertThat(Refusal.values())
        .extracting(Refusal::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id > 0 && id <= Byte.MAX_VALUE);
    assertThat(Refusal.CODE_INVALID.id()).isEqualTo(1);
    assertThat(Refusal.OUR_BUG.id()).isEqualTo(14);
    assertThat(Refusal.ofId(127)).isEqualTo(Refusal.FAILED);
  }
}
