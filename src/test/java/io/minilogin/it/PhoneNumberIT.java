package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Problems.problemForNow;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.SharedService.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The phone number for a code of the phone number button. */
@ExtendWith(SharedService.class)
class PhoneNumberIT {
  private final Shared shared;
  private final Client client;

  PhoneNumberIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  /** WeChat refuses a body without a length, so this also shows that the body has a length. */
  @Test
  void codeReturnsTheNumberInThreeParts() {
    var user = newUser();
    client
        .phoneNumber(token(), codeOf(user))
        .then()
        .statusCode(200)
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(3))
        .body("phoneNumber", equalTo(shared.wechat().phoneNumberOf(user)))
        .body("purePhoneNumber", equalTo(shared.wechat().phoneNumberOf(user)))
        .body("countryCode", equalTo("86"));
  }

  @Test
  void countryCodeIsAlwaysAString() {
    client
        .phoneNumber(token(), code("country-code-number"))
        .then()
        .statusCode(200)
        .body("countryCode", equalTo("86"));
  }

  @Test
  void codeWorksOnce() {
    var code = code();
    client.phoneNumber(token(), code).then().statusCode(200);
    client.phoneNumber(token(), code).then().spec(problem("code-used", 400, "new-code"));
  }

  @Test
  void codeOfAnotherUserIsRefused() {
    var user = newUser();
    var token = client.tokenFor(codeOf(user));
    client
        .phoneNumber(token, code("check-openid"))
        .then()
        .spec(problem("code-invalid", 400, "new-code"));
    client.phoneNumber(token, codeOf(user, "check-openid")).then().statusCode(200);
  }

  @ParameterizedTest
  @CsvSource({
    "40003, code-invalid,      400, new-code",
    "40029, code-invalid,      400, new-code",
    "49999, code-invalid,      400, new-code",
    "40226, user-blocked,      403, none",
    "40164, app-misconfigured, 502, none",
    "48001, app-misconfigured, 502, none",
    "50002, app-misconfigured, 502, none",
    "61007, app-misconfigured, 502, none",
    "89503, app-misconfigured, 502, none",
    "99999, wechat-failed,     502, new-code"
  })
  void errcodeIsMappedToItsProblem(int errcode, String name, int status, String action) {
    client
        .phoneNumber(token(), code("errcode=" + errcode))
        .then()
        .spec(problem(name, status, action))
        .body("errcode", equalTo(errcode));
  }

  @ParameterizedTest
  @CsvSource({
    "45011, throttled, 429, new-code",
    "45009, throttled, 429, new-code",
    "-1, wechat-busy, 503, new-code"
  })
  void temporaryErrcodeHasARetryAfter(int errcode, String name, int status, String action) {
    client
        .phoneNumber(token(), code("errcode=" + errcode))
        .then()
        .spec(problemForNow(name, status, action));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-phone-info",
        "html",
        "empty",
        "status=500",
        "reset",
        "close",
        "cut",
        "truncated",
        "huge"
      })
  void unusableAnswerIsAFailureOfWechat(String word) {
    client.phoneNumber(token(), code(word)).then().spec(problem("wechat-failed", 502, "new-code"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"code\":1}", "{\"code\":\"\"}", "{\"code\":null}", "{\"code\":\"\\n\"}"})
  void unusableCodeIsRefusedByName(String body) {
    client
        .bearing(token())
        .contentType("application/json")
        .body(body)
        .post("/session/phone-number")
        .then()
        .spec(problem("invalid-request", 400, "none"))
        .body("detail", containsString("\"code\""));
  }

  private String token() {
    return client.tokenFor(code());
  }
}
