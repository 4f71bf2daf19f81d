package io.minilogin.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginRequestTest {
  @Test
  void codeHasAtMost256Characters() {
    assertThat(LoginRequest.checked(new LoginRequest("c".repeat(256), "a".repeat(64)))).isNotNull();
    assertRefused("\"code\"", new LoginRequest("c".repeat(257), null));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "\t\n", "\u3000"})
  void missingCodeIsNamed(String code) {
    assertRefused("\"code\" is missing", new LoginRequest(code, "wx1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0b", "a\u007fb", "a\u0085b", "a\uD83D", "\uDE00a"})
  void codeWithInvalidCharactersIsRejected(String code) {
    assertRefused("\"code\"", new LoginRequest(code, null));
  }

  @Test
  void oversizedAppidIsNamed() {
    assertRefused("\"appid\"", new LoginRequest("code", "a".repeat(65)));
  }

  @Test
  void nullBodyIsRejected() {
    assertRefused("body", null);
  }

  private static void assertRefused(String name, LoginRequest request) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> LoginRequest.checked(request))
        .satisfies(
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
              assertThat(e.problem().detail()).contains(name);
            });
  }
}
