package io.minilogin.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.WechatOutcome.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrcodeTest {
  @ParameterizedTest
  @CsvSource({
    "40029, CODE_INVALID",
    "40163, CODE_USED",
    "40226, USER_BLOCKED",
    "45011, THROTTLED",
    "45009, THROTTLED",
    "-1, WECHAT_BUSY",
    "87009, SESSION_KEY_STALE",
    "40001, WECHAT_FAILED",
    "40014, WECHAT_FAILED",
    "42001, WECHAT_FAILED",
    "41008, INTERNAL",
    "99999, WECHAT_FAILED",
    "-2, WECHAT_FAILED",
    "2147483647, WECHAT_FAILED"
  })
  void errcodeMapsToAProblem(int errcode, ProblemType problem) {
    assertThat(Errcode.of(errcode).refusal().problem().type()).isEqualTo(problem);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        40002, 40013, 40097, 40125, 40164, 40243, 41001, 41002, 41004, 43001, 43002, 43003, 43004,
        44002, 45035, 47001, 48001, 48004, 50001, 50002, 61003, 61004, 61007, 61016, 89501, 89503,
        89506, 89507
      })
  void errcodeForOperatorsHasAdvice(int errcode) {
    var known = Errcode.of(errcode);
    assertThat(known.refusal()).isEqualTo(Refusal.APP_MISCONFIGURED);
    assertThat(known.advice())
        .isNotBlank()
        .isNotEqualTo(Refusal.APP_MISCONFIGURED.problem().detail());
  }

  @ParameterizedTest
  @CsvSource({
    "-1, busy, false",
    "42001, token, false",
    "45011, quota, false",
    "45009, quota, true",
    "40164, configuration, true",
    "40243, configuration, true",
    "48001, configuration, true",
    "89503, configuration, true",
    "40097, other, false",
    "43004, other, false",
    "99999, other, false"
  })
  void errcodeOfABackendCallConcernsTheOperatorOnlyIfTheAppCausesIt(
      int errcode, String kind, boolean concernsApp) {
    var known = Errcode.of(refused(Errcode.of(errcode).refusal(), errcode));
    assertThat(known.kind()).isEqualTo(kind);
    assertThat(known.concernsApp()).isEqualTo(concernsApp);
  }

  @Test
  void adviceForABadCredentialNamesTheSecretOrTheToken() {
    assertThat(Errcode.of(refused(Refusal.APP_MISCONFIGURED, 40001)).advice()).contains("secret");
    assertThat(Errcode.of(refused(Refusal.TOKEN_REJECTED, 40001)).advice()).contains("token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/kubernetes.md", "docs/zh/kubernetes.md"})
  void documentationListsAllErrcodesForOperators(Path page) throws IOException {
    var rows =
        Files.readAllLines(page).stream().filter(line -> line.matches("\\| [0-9]{5}.*")).toList();
    assertThat(Errcode.all(Refusal.APP_MISCONFIGURED))
        .allSatisfy(
            errcode ->
                assertThat(rows).anyMatch(row -> row.contains(String.valueOf(errcode.number()))));
  }

  private static Refused<?> refused(Refusal refusal, int errcode) {
    return new Refused<>(refusal, OptionalInt.of(errcode), Optional.empty());
  }
}
