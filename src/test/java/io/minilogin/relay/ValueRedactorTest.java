package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueRedactorTest {
  private static final String TOKEN = "aab";

  @ParameterizedTest
  @CsvSource({
    "aab,***",
    "xaabx,x***x",
    "aaab,a***",
    "aabaab,******",
    "aaaab,aa***",
    "aa,aa",
    "xyz,xyz",
    "aabaa,***aa",
  })
  void tokenIsMaskedInChunksOfAnySize(String text, String expected) {
    for (int size = 1; size <= text.length(); size++) {
      var blot = new ValueRedactor(TOKEN.getBytes(US_ASCII));
      var sent = Buffer.buffer();
      for (int from = 0; from < text.length(); from += size) {
        var piece = text.substring(from, Math.min(from + size, text.length()));
        sent.appendBuffer(blot.next(Buffer.buffer(piece)));
        assertThat(sent.toString()).as("the token is not sent in part").doesNotEndWith(TOKEN);
      }
      assertThat(sent.appendBuffer(blot.rest())).hasToString(expected);
    }
  }
}
