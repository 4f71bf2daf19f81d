package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.nullValue;

import io.minilogin.it.SharedService.Shared;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For every failure of WeChat, a code is sent once and the caller gets an answer in time. */
@ExtendWith(SharedService.class)
class WechatFaultsIT {
  /** Between the deadline of the call, 3 s, and the deadline of the login, 4.9 s. */
  private static final Duration DEADLINE = Duration.ofSeconds(4);

  private final Shared shared;
  private final Client client;

  WechatFaultsIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "reset",
        "close",
        "html",
        "empty",
        "truncated",
        "cut",
        "huge",
        "huge-declared",
        "status=500",
        "status=502",
        "status=404",
        "status=302",
        "no-openid",
        "no-session-key"
      })
  void unusableAnswerIsAFailureAndTheCodeIsNotSentAgain(String fault) {
    var code = code(fault);
    client
        .login(code)
        .then()
        .spec(problem("wechat-failed", 502, "login"))
        .body("errcode", nullValue());
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void missingAnswerTimesOutBeforeTheDeadlineWithoutRetry() {
    var code = code("delay=10000");
    var first = Stopwatch.start();
    client.login(code).then().spec(problem("wechat-timeout", 504, "login"));
    assertThat(first.elapsed()).isLessThan(DEADLINE);

    var second = Stopwatch.start();
    client.login(code).then().spec(problem("wechat-timeout", 504, "login"));
    assertThat(second.elapsed()).isLessThan(Duration.ofSeconds(2));
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void slowAnswerIsAccepted() {
    client.login(code("delay=1500")).then().statusCode(200);
  }
}
