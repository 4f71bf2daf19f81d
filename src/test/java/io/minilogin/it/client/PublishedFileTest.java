package io.minilogin.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Limits of WeChat's tools and of small packages for the published file. */
class PublishedFileTest {
  @Test
  void fileIsSmallerThan10KB() throws IOException {
    assertThat(Files.size(MiniProgram.FILE)).isLessThan(10 * 1024);
  }

  /**
   * The engine also accepts some words of later language versions; `npm test` uses a stricter
   * parser.
   */
  @Test
  void fileIsES2017() {
    assertThat(MiniProgram.source()).doesNotContain("...", "?.", "??", "catch {", ".finally(");
    try (var engine = MiniProgram.engine()) {
      engine.eval("js", "(function (module) {\n" + MiniProgram.source() + "\n})");
    }
  }

  @Test
  void fileUsesNoGlobalsThatMiniProgramsLack() {
    assertThat(MiniProgram.source()).doesNotContain("require(", "eval(", "Function(", "process.");
  }
}
