package io.minilogin.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {
  @ParameterizedTest
  @CsvSource({
    "invalid-request, 400, none",
    "unknown-app, 400, none",
    "code-invalid, 400, login",
    "code-used, 400, login",
    "token-missing, 401, login",
    "token-invalid, 401, login",
    "client-unauthorized, 401, none",
    "user-blocked, 403, none",
    "throttled, 429, retry",
    "app-misconfigured, 502, none",
    "wechat-failed, 502, login",
    "wechat-busy, 503, login",
    "wechat-timeout, 504, login",
    "store-unavailable, 503, retry",
    "internal, 500, none"
  })
  void clientsKnowEachProblemByNameStatusAndAction(String name, int status, String action) {
    var type = ProblemType.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    assertThat(type.text()).isEqualTo(name);
    assertThat(type.urn()).isEqualTo("urn:mini-login:problem:" + name);
    assertThat(type.status()).isEqualTo(status);
    assertThat(type.action().text()).isEqualTo(action);
  }

  @ParameterizedTest
  @EnumSource
  void eachHasATitle(ProblemType type) {
    assertThat(type.title()).isNotBlank();
  }

  @Test
  void noTwoHaveTheSameTitle() {
    assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::title)).doesNotHaveDuplicates();
  }
}
