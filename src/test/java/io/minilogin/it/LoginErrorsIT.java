package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.problemForNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.minilogin.it.SharedService.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each errcode of WeChat maps to a problem that tells the client what to do. */
@ExtendWith(SharedService.class)
class LoginErrorsIT {
  private static final String RID = "[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}";

  private final Shared shared;
  private final Client client;

  LoginErrorsIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @ParameterizedTest
  @CsvSource({
    "40029, code-invalid,      400, login",
    "40163, code-used,         400, login",
    "40226, user-blocked,      403, none",
    "40013, app-misconfigured, 502, none",
    "40125, app-misconfigured, 502, none",
    "40243, app-misconfigured, 502, none",
    "41002, app-misconfigured, 502, none",
    "41004, app-misconfigured, 502, none",
    "40002, app-misconfigured, 502, none",
    "40164, app-misconfigured, 502, none",
    "40001, app-misconfigured, 502, none",
    "48001, app-misconfigured, 502, none",
    "89503, app-misconfigured, 502, none",
    "99999, wechat-failed,     502, login"
  })
  void errcodeIsMappedToItsProblem(int errcode, String name, int status, String action) {
    var code = code("errcode=" + errcode);
    client
        .login(code)
        .then()
        .spec(problem(name, status, action))
        .header("Retry-After", nullValue())
        .body("errcode", equalTo(errcode))
        .body("rid", matchesPattern(RID));
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"45011, throttled, 429, login", "45009, throttled, 429, login"})
  void exceededQuotaHasARetryAfter(int errcode, String name, int status, String action) {
    client
        .login(code("errcode=" + errcode))
        .then()
        .spec(problemForNow(name, status, action))
        .body("errcode", equalTo(errcode))
        .body("rid", matchesPattern(RID));
  }

  @Test
  void systemErrorOfWechatIsNotRetried() {
    var code = code("errcode=-1");
    client
        .login(code)
        .then()
        .spec(problemForNow("wechat-busy", 503, "login"))
        .body("errcode", equalTo(-1))
        .body("rid", matchesPattern(RID));
    assertThat(shared.wechat().callsWith(code)).isEqualTo(1);
  }

  @Test
  void requestThatWechatDoesNotUnderstandIsAnInternalErrorAndLogged() {
    var traceId =
        client
            .login(code("errcode=41008"))
            .then()
            .spec(problem("internal", 500, "none"))
            .extract()
            .<String>path("trace_id");
    await()
        .untilAsserted(
            () ->
                assertThat(shared.service().lines())
                    .anyMatch(
                        line -> line.contains("\"level\":\"ERROR\"") && line.contains(traceId)));
  }
}
