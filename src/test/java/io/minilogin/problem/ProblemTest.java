package io.minilogin.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProblemTest {
  @Test
  void additionsKeepEarlierFields() {
    var problem =
        Problem.of(ProblemType.THROTTLED, "Too many.")
            .retryAfter(Duration.ofMinutes(1))
            .until(Optional.of(Instant.EPOCH))
            .fromWechat(OptionalInt.of(45011), Optional.of("rid"));
    assertThat(problem)
        .isEqualTo(
            new Problem(
                ProblemType.THROTTLED,
                "Too many.",
                Action.LOGIN,
                OptionalInt.of(45011),
                Optional.empty(),
                Optional.of("rid"),
                Optional.of(Duration.ofMinutes(1)),
                Optional.of(Instant.EPOCH),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void actionRetryHasARetryAfter() {
    var problem = Problem.of(ProblemType.WECHAT_FAILED, "No answer.");
    assertThat(problem.action(Action.RETRY).retryAfter()).contains(Duration.ofSeconds(1));
    assertThat(problem.retryAfter(Duration.ofMinutes(1)).action(Action.RETRY).retryAfter())
        .contains(Duration.ofMinutes(1));
    assertThat(problem.action(Action.NEW_CODE).retryAfter()).isEmpty();
  }

  @Test
  void onlyActionLoginIsReplaced() {
    var login = Problem.of(ProblemType.WECHAT_FAILED, "No answer.");
    var none = Problem.of(ProblemType.USER_BLOCKED, "Blocked.");
    assertThat(login.inPlaceOfLogin(Action.NEW_CODE).action()).isEqualTo(Action.NEW_CODE);
    assertThat(none.inPlaceOfLogin(Action.NEW_CODE)).isEqualTo(none);
  }

  @Test
  void exceptionHasTheDetailAndNoStackTrace() {
    var exception = new ProblemException(Problem.of(ProblemType.UNKNOWN_APP, "Name an app."));
    assertThat(exception).hasMessage("Name an app.");
    assertThat(exception.getStackTrace()).isEmpty();
    assertThat(exception.problem().type()).isEqualTo(ProblemType.UNKNOWN_APP);
  }
}
