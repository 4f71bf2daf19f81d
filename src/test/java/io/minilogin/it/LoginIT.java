package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Codes.codeOf;
import static io.minilogin.it.Codes.newUser;
import static io.minilogin.it.Surroundings.APP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.minilogin.it.SharedService.Shared;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A post of the code from wx.login returns a token and the IDs of the user. */
@ExtendWith(SharedService.class)
class LoginIT {
  private static final int SEVEN_DAYS = 604_800;

  private final Shared shared;
  private final Client client;

  LoginIT(Shared shared) {
    this.shared = shared;
    this.client = shared.client();
  }

  @Test
  void loginReturnsATokenAndTheUserIds() {
    var user = newUser();
    client
        .login(codeOf(user))
        .then()
        .statusCode(200)
        .header("Content-Type", matchesPattern("application/json(;charset=UTF-8)?"))
        .header("Cache-Control", "no-store")
        .body("$", aMapWithSize(5))
        .body("access_token", matchesPattern("[A-Za-z0-9._~-]{43,}"))
        .body("token_type", equalTo("Bearer"))
        .body("expires_in", equalTo(SEVEN_DAYS))
        .body("openid", equalTo(shared.wechat().openidOf(APP.appid(), user)))
        .body("unionid", equalTo(shared.wechat().unionidOf(user)));
  }

  @Test
  void unionidIsAbsentIfUnknown() {
    client.login(code("no-unionid")).then().statusCode(200).body("$", aMapWithSize(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"errcode-zero", "errcode-zero-text", "expires-in", "keep-key"})
  void errcodeZeroAndUnknownFieldsAreAccepted(String word) {
    client.login(code(word)).then().statusCode(200).body("access_token", not(equalTo(null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x&appid=wx2222222222222222",
        "x=y",
        "100%",
        "%41",
        "%26",
        "a+b",
        "a b",
        " x ",
        "{appid}",
        "{}",
        "a/b?c#d",
        "a;b,c:d@e",
        "\"quoted\\",
        "<tag>",
        "小明",
        "é",
        "😀"
      })
  void codeReachesWechatExactlyAsPosted(String text) {
    var code = text + "." + UUID.randomUUID();
    client.login(code).then().statusCode(200);
    var calls = shared.wechat().calls().stream().filter(call -> call.code().equals(code)).toList();
    assertThat(calls).hasSize(1);
    assertThat(calls.get(0).query())
        .isEqualTo(
            Map.of(
                "appid", List.of(APP.appid()),
                "secret", List.of(APP.secret()),
                "js_code", List.of(code),
                "grant_type", List.of("authorization_code")));
  }

  @Test
  void codeMayHave256Characters() {
    var code = code();
    var longest = code + "x".repeat(256 - code.length());
    client.login(longest).then().statusCode(200);
    assertThat(shared.wechat().callsWith(longest)).isEqualTo(1);
  }
}
