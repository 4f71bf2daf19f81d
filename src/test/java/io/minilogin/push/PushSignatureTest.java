package io.minilogin.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushSignatureTest {
  private static final Secret TOKEN = new Secret("AAAAA");
  private static final String SIGNATURE = "f464b24fc39322e44b38aa78f5edd27bd1441696";

  @Test
  void exampleOfTheDocumentationHasItsSignature() {
    assertThat(PushSignature.of(TOKEN, "1714036504", "1514711492")).isEqualTo(SIGNATURE);
  }

  @Test
  void tokenOfASignatureIsFoundAmongSeveral() {
    var tokens = List.of(new Secret("BBBBB"), TOKEN);
    assertThat(PushSignature.token(tokens, SIGNATURE, "1714036504", "1514711492")).contains(TOKEN);
    assertThat(PushSignature.token(tokens, SIGNATURE, "1714036505", "1514711492")).isEmpty();
    assertThat(PushSignature.token(tokens, "", "1714036504", "1514711492")).isEmpty();
  }
}
