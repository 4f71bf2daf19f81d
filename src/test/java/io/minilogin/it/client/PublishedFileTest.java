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
   * {@link ClientIT} runs the file in an engine for ES2017, which also accepts these words of later
   * versions; {@code npm test} uses a stricter parser.
   */
  @Test
  void fileHasNoWordsOfLaterLanguageVersions() {
    assertThat(MiniProgram.source()).doesNotContain("...", "?.", "??", "catch {", ".finally(");
  }

  @Test
  void fileUsesNoGlobalsThatMiniProgramsLack() {
    assertThat(MiniProgram.source()).doesNotContain("require(", "eval(", "Function(", "process.");
  }
}
