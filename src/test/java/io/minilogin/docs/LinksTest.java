package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links within the project resolve, and the indexes of the pages are complete. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s:#]*)(?:#([^)\\s:]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void everyRelativeLinkAndItsAnchorResolve() throws IOException {
    assertThat(Page.all()).hasSizeGreaterThan(20).allSatisfy(LinksTest::linksResolve);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs", "docs/zh"})
  void indexLinksToEveryPageOfItsDirectory(Path directory) throws IOException {
    var index = Page.of(directory.resolve("README.md"));
    var linked = LINK.matcher(index.prose()).results().map(link -> target(index, link)).toList();
    assertThat(Page.all())
        .extracting(Page::file)
        .filteredOn(file -> directory.equals(file.getParent()) && !file.equals(index.file()))
        .isNotEmpty()
        .isSubsetOf(linked);
  }

  private static void linksResolve(Page page) {
    assertThat(LINK.matcher(page.prose()).results())
        .filteredOn(link -> !resolves(page, link))
        .extracting(MatchResult::group)
        .isEmpty();
  }

  private static boolean resolves(Page page, MatchResult link) {
    var target = target(page, link);
    if (target.startsWith("..")) {
      return false;
    }
    if (link.group(2) == null || !target.toString().endsWith(".md")) {
      return Files.exists(target);
    }
    return Files.exists(target) && anchors(Page.of(target)).contains(link.group(2));
  }

  private static Path target(Page page, MatchResult link) {
    var file = page.file();
    return link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1)).normalize();
  }

  private static List<String> anchors(Page page) {
    return HEADING
        .matcher(page.prose())
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N}_ -]", "").strip().replace(' ', '-'))
        .toList();
  }
}
