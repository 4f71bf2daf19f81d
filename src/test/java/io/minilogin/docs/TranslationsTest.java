package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A Chinese page says what its original says. The tests that run an original's blocks run the
 * translation's, too, because they are the same.
 */
class TranslationsTest {
  private static final Path DOCS = Path.of("docs", "zh");
  private static final String ALL = "translations";

  private static final Pattern ORIGINAL =
      Pattern.compile("^<!-- original: (\\S+) sha256:(\\w+) -->$", Pattern.MULTILINE);

  /** Stands in a page that was written in Chinese. */
  private static final String NO_ORIGINAL = "<!-- original: this page -->\n";

  static Stream<Translation> translations() throws IOException {
    return pages().filter(page -> !page.text().contains(NO_ORIGINAL)).map(Translation::of);
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(translations()).hasSizeGreaterThan(5);
    assertThat(translations()).anyMatch(pages -> pages.original().blocks().size() > 5);
    assertThat(translations()).anyMatch(pages -> pages.original().tables().size() > 2);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theOriginalHasNotChangedSinceSomebodyLooked(Translation pages) {
    assertThat(pages.originalThen())
        .as(
            """
            %2$s has changed since %1$s was made from it. What has:
              git diff $(git log -1 --format=%%h -S%3$s -- %1$s) -- %2$s
            Say the same in %1$s, then write there sha256:%4$s"""
                .formatted(
                    pages.page().file(),
                    pages.original().file(),
                    pages.originalThen(),
                    pages.original().hash()))
        .isEqualTo(pages.original().hash());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theBlocksAreTheSame(Translation pages) {
    assertThat(pages.page().blocks()).containsExactlyElementsOf(pages.original().blocks());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theTablesHaveTheSameRowsAndNames(Translation pages) {
    assertThat(pages.page().tables().stream().map(Page.Table::names))
        .containsExactlyElementsOf(
            pages.original().tables().stream().map(Page.Table::names).toList());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void thePropertiesAndTheirDefaultsAreTheSame(Translation pages) {
    assertThat(settings(pages.page())).containsExactlyElementsOf(settings(pages.original()));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theSectionsAreTheSameAndNameTheSame(Translation pages) {
    assertThat(pages.page().sections())
        .zipSatisfy(
            pages.original().sections(),
            (section, original) -> {
              assertThat(section.level()).as(section.text()).isEqualTo(original.level());
              assertThat(section.names()).as(section.text()).isEqualTo(original.names());
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void bothLinkToEachOther(Translation pages) {
    assertThat(pages.page().text()).contains(link(pages.page(), pages.original()));
    assertThat(pages.original().text()).contains(link(pages.original(), pages.page()));
  }

  private static Stream<Page> pages() throws IOException {
    try (var files = Files.walk(DOCS)) {
      return Stream.concat(
          Stream.of(Path.of("README.zh-CN.md")).filter(Files::exists),
          files.filter(file -> file.toString().endsWith(".md")).sorted())
          .map(Page::of)
          .toList()
          .stream();
    }
  }

  private static List<List<List<String>>> settings(Page page) {
    return page.tables().stream()
        .filter(Page.Table::isOfProperties)
        .map(Page.Table::settings)
        .toList();
  }

  private static String link(Page from, Page to) {
    var directory = from.file().toAbsolutePath().getParent();
    return "](" + directory.relativize(to.file().toAbsolutePath()) + ")";
  }

  /**
   * @param originalThen the hash of the original when the translation was last compared with it
   */
  record Translation(Page page, Page original, String originalThen) {
    static Translation of(Page page) {
      var comment = ORIGINAL.matcher(page.text());
      assertThat(comment.find())
          .as(
              "%s names its original: <!-- original: ../page.md sha256:… -->, or %s",
              page.file(), NO_ORIGINAL)
          .isTrue();
      var original = page.file().resolveSibling(comment.group(1)).normalize();
      return new Translation(page, Page.of(original), comment.group(2));
    }

    @Override
    public String toString() {
      return page.file().toString();
    }
  }
}
