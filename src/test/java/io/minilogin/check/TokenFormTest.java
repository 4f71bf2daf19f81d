package io.minilogin.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.SessionToken;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormTest {
  private static final String TOKEN = "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=TOKEN",
        "token=TOKEN&token_type_hint=access_token",
        "token_type_hint=refresh_token&token=TOKEN",
        "token_type_hint=nonsense&token=TOKEN",
        "token_type_hint=a&token_type_hint=b&token=TOKEN",
        "&&token=TOKEN&",
        "token_=x&Token=y&xtoken=z&token=TOKEN",
        "x&token=TOKEN",
        "t%6fken=TOKEN"
      })
  void tokenIsFoundAmongOtherParameters(String form) {
    assertThat(token(form.replace("TOKEN", TOKEN))).contains(new SessionToken(TOKEN));
  }

  @Test
  void tokenIsDecoded() {
    assertThat(token("token=" + TOKEN.replace("_", "%5F"))).contains(new SessionToken(TOKEN));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "TOKENx",
        "+TOKEN",
        "TOKEN+",
        "TOKEN%00",
        "TOKEN=",
        "TOKEN#",
        "TOKEN;",
        "%F0%9F%98%80"
      })
  void malformedTokenIsUnknown(String token) {
    assertThat(token("token=" + token.replace("TOKEN", TOKEN))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "token", "token=", "token=&x=y", "Token=x", "=x", "{\"token\":\"x\"}", "a;b"})
  void missingOrEmptyTokenIsRefused(String form) {
    assertRefused(form, "\"token\" is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "token=x&token=x",
        "token=x&token=",
        "token=&token",
        "token=x&a=b&t%6Fken=y",
        "token=x&#&token=y"
      })
  void repeatedTokenIsRefused(String form) {
    assertRefused(form, "\"token\" appears more than once");
  }

  @Test
  void repeatedTokenIsFoundAfterManyParameters() {
    assertRefused("token=x" + "&a".repeat(5000) + "&token=y", "\"token\" appears more than once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token=%", "token=%z1", "token=%4", "%=x&token=x"})
  void malformedEscapeIsRefused(String form) {
    assertRefused(form, "application/x-www-form-urlencoded");
  }

  private static Optional<SessionToken> token(String form) {
    return TokenForm.parse(form.getBytes(UTF_8)).token();
  }

  private static void assertRefused(String form, String detail) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> token(form))
        .satisfies(
            e -> {
              assertThat(e.problem().type()).isEqualTo(ProblemType.INVALID_REQUEST);
              assertThat(e.problem().oauthError()).contains("invalid_request");
              assertThat(e.problem().detail()).contains(detail);
            });
  }
}
