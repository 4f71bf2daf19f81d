package io.minilogin.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProblemTest {
  @Test
  void additionsKeepWhatIsThere() {
    var problem =
        Problem.of(ProblemType.THROTTLED, "Too many.")
            .retryAfter(Duration.ofMinutes(1))
            .fromWechat(OptionalInt.of(45011), Optional.of("rid"));
    assertThat(problem)
        .isEqualTo(
            new Problem(
                ProblemType.THROTTLED,
                "Too many.",
                OptionalInt.of(45011),
                Optional.of("rid"),
                Optional.of(Duration.ofMinutes(1)),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void itsExceptionSaysTheDetailAndCostsNoStackTrace() {
    var exception = new ProblemException(Problem.of(ProblemType.UNKNOWN_APP, "Name an app."));
    assertThat(exception).hasMessage("Name an app.");
    assertThat(exception.getStackTrace()).isEmpty();
    assertThat(exception.problem().type()).isEqualTo(ProblemType.UNKNOWN_APP);
  }
}
