package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.session.BearerHeader.Bad;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerHeaderTest {
  private static final String TOKEN = "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer    ", " Bearer "})
  void theTokenStandsAfterTheSchemeInAnyCase(String scheme) {
    assertThat(BearerHeader.of(List.of(scheme + TOKEN)))
        .isEqualTo(new BearerHeader.Given(new SessionToken(TOKEN)));
    assertThat(BearerHeader.of(List.of(scheme + TOKEN + "  ")))
        .isEqualTo(new BearerHeader.Given(new SessionToken(TOKEN)));
  }

  @Test
  void noHeaderIsAMissingToken() {
    assertThat(BearerHeader.of(List.of())).isEqualTo(new Bad(BearerHeader.MISSING));
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
  void anotherSchemeOrNoneIsAMissingToken(String header) {
    assertThat(BearerHeader.of(List.of(header))).isEqualTo(new Bad(BearerHeader.MISSING));
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
  void aTokenOfAnotherKindIsInvalid(String header) {
    assertThat(BearerHeader.of(List.of(header))).isEqualTo(new Bad(BearerHeader.INVALID));
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
    assertThat(BearerHeader.of(List.of(header))).isEqualTo(new Bad(BearerHeader.AMBIGUOUS));
  }

  @Test
  void twoHeadersAreAmbiguousEvenWhenTheyAgree() {
    assertThat(BearerHeader.of(List.of("Bearer " + TOKEN, "Bearer " + TOKEN)))
        .isEqualTo(new Bad(BearerHeader.AMBIGUOUS));
    assertThat(BearerHeader.of(List.of("Bearer " + TOKEN, "")))
        .isEqualTo(new Bad(BearerHeader.AMBIGUOUS));
    assertThat(BearerHeader.of(List.of("Basic YTpi", "Bearer " + TOKEN)))
        .isEqualTo(new Bad(BearerHeader.AMBIGUOUS));
  }
}
