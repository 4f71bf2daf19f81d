package io.minilogin.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

  @ParameterizedTest
  @ValueSource(strings = {"Basic ", "basic ", "BASIC ", "Basic    ", " Basic "})
  void schemeIsCaseInsensitive(String scheme) {
    assertThat(readings(scheme + base64("one:s3cret")))
        .containsOnly(new Credentials("one", "s3cret"));
    assertThat(readings(scheme + base64("one:s3cret") + " "))
        .containsOnly(new Credentials("one", "s3cret"));
  }

  @Test
  void examplesOfTheRfcAreRead() {
    assertThat(readings("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
        .contains(new Credentials("Aladdin", "open sesame"));
    assertThat(readings("Basic dGVzdDoxMjPCow==")).contains(new Credentials("test", "123£"));
  }

  @Test
  void secretMayHaveColons() {
    assertThat(readings("Basic " + base64("one:a:b:")))
        .containsOnly(new Credentials("one", "a:b:"));
  }

  @ParameterizedTest
  @CsvSource({
    "one:a%2Fb, one, a%2Fb, one, a/b",
    "one:a+b, one, a+b, one, 'a b'",
    "urn%3Aone:%25, urn%3Aone, %25, urn:one, %",
    "one:%C2%A3, one, %C2%A3, one, £"
  })
  void idAndSecretAreReadRawAndFormUrlencoded(
      String pair, String rawId, String rawSecret, String id, String secret) {
    assertThat(readings("Basic " + base64(pair)))
        .containsExactly(new Credentials(rawId, rawSecret), new Credentials(id, secret));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100%", "%zz", "%4", "%-1"})
  void secretThatIsNotFormUrlencodedIsReadRaw(String secret) {
    assertThat(readings("Basic " + base64("one:" + secret)))
        .containsExactly(new Credentials("one", secret));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "b25lOnMzY3JldA==",
        "Basic: b25lOnMzY3JldA==",
        "Basicb25lOnMzY3JldA==",
        "Basic one:s3cret",
        "Basic b25lOnMzY3JldA==b25lOnMzY3JldA==",
        "Basic b25lOnMzY3JldA== b25lOnMzY3JldA==",
        "Basic b25lOnMzY3JldA==, Basic b25lOnMzY3JldA==",
        "Basic b25lOnMzY3JldA==,b25lOnMzY3JldA==",
        "Basic b25lczNjcmV0",
        "Bearer b25lOnMzY3JldA==",
        "Digest b25lOnMzY3JldA=="
      })
  void malformedHeaderHasNoCredentials(String header) {
    assertThat(readings(header)).isEmpty();
  }

  @Test
  void missingHeaderHasNoCredentials() {
    assertThat(Credentials.readings(List.of())).isEmpty();
  }

  @Test
  void twoHeadersHaveNoCredentialsEvenIfTheyAgree() {
    var header = "Basic " + base64("one:s3cret");
    assertThat(Credentials.readings(List.of(header, header))).isEmpty();
    assertThat(Credentials.readings(List.of(header, ""))).isEmpty();
    assertThat(Credentials.readings(List.of("Bearer x", header))).isEmpty();
  }

  @Test
  void invalidUtf8IsNotReadAsLatin1() {
    var latin1 = Base64.getEncoder().encodeToString("one:£".getBytes(ISO_8859_1));
    assertThat(readings("Basic " + latin1)).doesNotContain(new Credentials("one", "£"));
  }

  @Test
  void boundaryBetweenIdAndSecretChangesTheDigest() {
    assertThat(new Credentials("ab", "c").digest())
        .hasSize(64)
        .isEqualTo(new Credentials("ab", "c").digest())
        .isNotEqualTo(new Credentials("a", "bc").digest());
  }

  private static List<Credentials> readings(String header) {
    return Credentials.readings(List.of(header));
  }

  private static String base64(String pair) {
    return Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }
}
