package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalTest {
  @Test
  void minuteQuotaIsRetriedSoonerThanDayQuota() {
    assertThat(Refusal.MINUTE_QUOTA.problem().retryAfter()).contains(Duration.ofMinutes(1));
    assertThat(Refusal.DAY_QUOTA.problem().retryAfter())
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
  void temporaryRefusalHasARetryAfter(Refusal refusal) {
    assertThat(refusal.problem().retryAfter())
        .hasValueSatisfying(wait -> assertThat(wait.toSeconds()).isPositive());
  }

  @ParameterizedTest
  @EnumSource(
      value = Refusal.class,
      names = {"CODE_INVALID", "CODE_USED", "USER_BLOCKED", "TIMEOUT", "FAILED"})
  void permanentRefusalHasNoRetryAfter(Refusal refusal) {
    assertThat(refusal.problem().retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void problemHasTheErrcodeAndRidOfWechat(Refusal refusal) {
    var problem =
        new WechatOutcome.Refused<>(refusal, OptionalInt.of(42), Optional.of("rid")).problem();
    assertThat(problem.type()).isEqualTo(refusal.problem().type());
    assertThat(problem.detail()).isNotBlank();
    assertThat(problem.errcode()).hasValue(42);
    assertThat(problem.rid()).contains("rid");
  }

  @Test
  void problemWithoutAReplyHasNoErrcodeOrRid() {
    assertThat(Refusal.TIMEOUT.problem().errcode()).isEmpty();
    assertThat(Refusal.TIMEOUT.problem().rid()).isEmpty();
  }

  @Test
  void idsAreUniqueAndStable() {
    assertThat(Refusal.values())
        .extracting(Refusal::id)
        .doesNotHaveDuplicates()
        .allMatch(id -> id > 0 && id <= Byte.MAX_VALUE);
    assertThat(Refusal.CODE_INVALID.id()).isEqualTo(1);
    assertThat(Refusal.OUR_BUG.id()).isEqualTo(14);
    assertThat(Refusal.ofId(127)).isEqualTo(Refusal.FAILED);
  }
}
