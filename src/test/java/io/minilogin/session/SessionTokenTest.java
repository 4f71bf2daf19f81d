package io.minilogin.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTokenTest {
  private static final String TOKEN = "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

  /** Returns the bytes 0, 1, 2, … */
  private static final class Counting extends SecureRandom {
    private int given;

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) given++;
      }
    }
  }

  @Test
  void tokenIsAPrefixAnd256RandomBits() {
    var random = new Counting();
    assertThat(SessionToken.random(random).text()).isEqualTo(TOKEN).hasSize(47);
    assertThat(random.given).isEqualTo(32);
  }

  @Test
  void tokensAreUnique() {
    var random = new SecureRandom();
    var tokens = new HashSet<String>();
    IntStream.range(0, 1000).forEach(i -> tokens.add(SessionToken.random(random).text()));
    assertThat(tokens).hasSize(1000);
  }

  @Test
  void tokenIsRestoredFromItsTextAndItsBytes() {
    var token = SessionToken.random(new SecureRandom());
    assertThat(SessionToken.parse(token.text())).contains(token);
    assertThat(SessionToken.ofBytes(token.bytes())).isEqualTo(token);
    assertThat(token.bytes()).hasSize(32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mlt_",
        "mlt",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "MLT_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "mlt-AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "xmlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        " mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH+8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH/8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH%8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHé8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH８8",
        "mlt_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxw\0Hh8"
      })
  void malformedTokenIsRejected(String text) {
    assertThat(SessionToken.parse(text)).isEmpty();
  }

  @Test
  void idIsTheSha256OfTheText() throws Exception {
    var hash =
        MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.US_ASCII));
    assertThat(Base64.getUrlDecoder().decode(new SessionToken(TOKEN).id())).isEqualTo(hash);
    // printf %s "$TOKEN" | openssl dgst -sha256 -binary | basenc --base64url
    assertThat(new SessionToken(TOKEN).id())
        .isEqualTo("Ws6otmSayzZ34gbiLrMx-bPQJmtOPjPBewfhjESSp9Q")
        .hasSize(43);
  }

  @Test
  void anotherSpellingOfTheSameBitsHasAnotherId() {
    // 43 characters have two bits more than 32 bytes: "9" ends like "8" once decoded.
    var other = SessionToken.parse(TOKEN.substring(0, 46) + "9").orElseThrow();
    assertThat(other.bytes()).isEqualTo(new SessionToken(TOKEN).bytes());
    assertThat(other.id()).isNotEqualTo(new SessionToken(TOKEN).id());
  }

  @Test
  void toStringDoesNotContainTheToken() {
    assertThat(new SessionToken(TOKEN)).hasToString("[token]");
  }
}
