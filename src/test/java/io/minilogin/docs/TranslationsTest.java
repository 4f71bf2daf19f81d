package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.docs.Page.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A Chinese page matches its original. The tests that run the blocks of an original cover those of
 * its translation, because they are equal.
 */
class TranslationsTest {
  private static final String ALL = "translations";

  private static final Pattern ORIGINAL =
      Pattern.compile("^<!-- original: (\\S+) sha256:(\\w+) -->$", Pattern.MULTILINE);

  /** Marks a page that was written in Chinese. */
  private static final String NO_ORIGINAL = "<!-- original: this page -->";

  static Stream<Translation> translations() throws IOException {
    return pages().flatMap(page -> Translation.of(page).stream());
  }

  @Test
  void pagesNameTheirOriginalOrAreMarkedAsOriginals() throws IOException {
    assertThat(pages())
        .filteredOn(page -> Translation.of(page).isEmpty() && !page.text().contains(NO_ORIGINAL))
        .as("these say neither <!-- original: ../page.md sha256:… --> nor %s", NO_ORIGINAL)
        .isEmpty();
  }

  @Test
  void translationsAreFound() throws IOException {
    assertThat(translations()).hasSizeGreaterThan(4);
    assertThat(translations()).anyMatch(pages -> pages.original().blocks().size() > 5);
    assertThat(translations()).anyMatch(pages -> pages.original().tables(Table::names).size() > 2);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void originalIsUnchangedSinceItsTranslation(Translation pages) {
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
  void blocksAreEqual(Translation pages) {
    assertSame(pages.page().blocks(), pages.original().blocks());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void tablesHaveTheSameRowsAndNames(Translation pages) {
    assertSame(pages.page().tables(Table::names), pages.original().tables(Table::names));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void propertiesAndDefaultsAreEqual(Translation pages) {
    assertSame(pages.page().tables(Table::settings), pages.original().tables(Table::settings));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void sectionsHaveTheSameLevelsAndNames(Translation pages) {
    assertSame(pages.page().sections(), pages.original().sections());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void translationAndOriginalLinkToEachOther(Translation pages) {
    assertThat(pages.page().text()).contains(link(pages.page(), pages.original()));
    assertThat(pages.original().text()).contains(link(pages.original(), pages.page()));
  }

  private static Stream<Page> pages() throws IOException {
    return Page.all().stream().filter(Page::isChinese);
  }

  /** Compares the elements one by one, to report only the first difference. */
  private static <T> void assertSame(List<T> translated, List<T> original) {
    for (var i = 0; i < Math.min(translated.size(), original.size()); i++) {
      assertThat(translated.get(i)).isEqualTo(original.get(i));
    }
    assertThat(translated.size()).isEqualTo(original.size());
  }

  private static String link(Page from, Page to) {
    var directory = from.file().toAbsolutePath().getParent();
    return "](" + directory.relativize(to.file().toAbsolutePath()) + ")";
  }

  /**
   * @param originalThen the hash of the original when the translation was last compared with it
   */
  record Translation(Page page, Page original, String originalThen) {
    static Optional<Translation> of(Page page) {
      return ORIGINAL
          .matcher(page.text())
          .results()
          .findFirst()
          .map(
              comment ->
                  new Translation(
                      page,
                      Page.of(page.file().resolveSibling(comment.group(1)).normalize()),
                      comment.group(2)));
    }

    @Override
    public String toString() {
      return page.file().toString();
    }
  }
}
