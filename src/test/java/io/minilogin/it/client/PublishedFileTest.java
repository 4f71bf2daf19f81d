package io.minilogin.it.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import org.graalvm.polyglot.PolyglotException;
import org.junit.jupiter.api.Test;

/** What WeChat's tools and small packages want of the file. */
class PublishedFileTest {
  @Test
  void itHasLessThan6KB() throws IOException {
    assertThat(Files.size(MiniProgram.FILE)).isLessThan(6 * 1024);
  }

  @Test
  void itIsES2017() {
    try (var engine = MiniProgram.engine()) {
      engine.eval("js", "(function (module) {\n" + MiniProgram.source() + "\n})");
      assertThatThrownBy(() -> engine.eval("js", "(function () { return { ...{} } })"))
          .isInstanceOf(PolyglotException.class)
          .hasMessageContaining("SyntaxError");
    }
  }

  @Test
  void itNeedsNothingThatAMiniProgramLacks() {
    assertThat(MiniProgram.source()).doesNotContain("require(", "eval(", "Function(", "process.");
  }
}
