package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerHeaderTest {
  private static final String TOKEN = "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer    ", " Bearer "})
  void schemeIsCaseInsensitive(String scheme) {
    assertThat(BearerHeader.token(List.of(scheme + TOKEN))).isEqualTo(new SessionToken(TOKEN));
    assertThat(BearerHeader.token(List.of(scheme + TOKEN + "  ")))
        .isEqualTo(new SessionToken(TOKEN));
  }

  @Test
  void requestWithoutAHeaderHasNoToken() {
    assertRefused(BearerHeader.MISSING, List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Basic YWxpY2U6c2VjcmV0",
        "Digest username=\"alice\"",
        TOKEN,
        "Bearer" + TOKEN,
        "Bearer:" + TOKEN,
        "Token " + TOKEN,
        "Basic Bearer " + TOKEN
      })
  void headerWithoutTheSchemeHasNoToken(String header) {
    assertRefused(BearerHeader.MISSING, List.of(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer x",
        "Bearer null",
        "Bearer undefined",
        "Bearer \"" + TOKEN + "\"",
        "Bearer " + TOKEN + "=",
        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.XmNK3GpH3Ys_7wsYBfq4C3M6goz71I7dTgUkuIa5lyQ"
      })
  void malformedTokenIsInvalid(String header) {
    assertRefused(BearerHeader.INVALID, List.of(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer " + TOKEN + " " + TOKEN,
        "Bearer " + TOKEN + ", Bearer " + TOKEN,
        "Bearer " + TOKEN + ",Basic YWxpY2U6c2VjcmV0",
        "Bearer ," + TOKEN
      })
  void twoTokensInOneHeaderAreAmbiguous(String header) {
    assertRefused(BearerHeader.AMBIGUOUS, List.of(header));
  }

  @Test
  void twoHeadersAreAmbiguousEvenIfTheyAgree() {
    assertRefused(BearerHeader.AMBIGUOUS, List.of("Bearer " + TOKEN, "Bearer " + TOKEN));
    assertRefused(BearerHeader.AMBIGUOUS, List.of("Bearer " + TOKEN, ""));
    assertRefused(BearerHeader.AMBIGUOUS, List.of("Basic YTpi", "Bearer " + TOKEN));
  }

  private static void assertRefused(Problem problem, List<String> headers) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> BearerHeader.token(headers))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(problem));
  }
}
