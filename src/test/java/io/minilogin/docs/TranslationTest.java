package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TranslationTest {
  private static final Page ENGLISH = new Page(Path.of("docs/gateways/page.md"), "# Page\n");

  private static final String BANNER =
      "> **注意**：英文原文已更新，本页尚未同步，内容以[英文原文](../../gateways/page.md)为准。";

  @Test
  void upToDatePageNeedsNothing() {
    assertThat(translation(ENGLISH.hash(), "正文").todo()).isEmpty();
  }

  @Test
  void outdatedPageWithoutBannerIsReported() {
    assertThat(translation("0123456789abcdef", "正文").todo())
        .get()
        .asString()
        .contains("docs/zh/gateways/page.md", "docs/gateways/page.md")
        .contains("translate the change and write sha256:" + ENGLISH.hash())
        .contains("add this line")
        .endsWith(BANNER);
  }

  @Test
  void outdatedPageWithBannerNeedsNothing() {
    assertThat(translation("0123456789abcdef", BANNER + "\n\n正文").todo()).isEmpty();
  }

  @Test
  void bannerFurtherDownDoesNotCount() {
    assertThat(translation("0123456789abcdef", "正文\n\n" + BANNER).todo()).isPresent();
  }

  @Test
  void bannerThatLinksToAnotherPageDoesNotCount() {
    var other = BANNER.replace("page.md", "other.md");
    assertThat(translation("0123456789abcdef", other + "\n\n正文").todo()).isPresent();
  }

  @Test
  void bannerOnAnUpToDatePageIsReported() {
    assertThat(translation(ENGLISH.hash(), BANNER + "\n\n正文").todo())
        .get()
        .asString()
        .contains("docs/zh/gateways/page.md is up to date: remove the line");
  }

  private static Translation translation(String originalThen, String text) {
    var comment = "<!-- original: ../../gateways/page.md sha256:" + originalThen + " -->";
    var page =
        new Page(Path.of("docs/zh/gateways/page.md"), "# 页面\n\n" + comment + "\n\n" + text + "\n");
    return new Translation(page, ENGLISH, originalThen);
  }
}
