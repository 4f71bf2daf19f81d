package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentsPageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/test/node/shop.js",
        "src/test/java/com/example/shop/MiniLogin.java",
        "src/test/java/com/example/shop/SignedByMiniLogin.java"
      })
  void pageShowsTheTestedFile(Path file) throws IOException {
    assertThat(Page.of(Path.of("docs/payments.md")).text())
        .contains("\n" + Files.readString(file) + "```\n");
  }
}
