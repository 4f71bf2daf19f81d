package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.docs.Page.Table;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Chinese pages match their originals, or say that they are outdated. Blocks and tables are the
 * same in both cases, so the tests that run the blocks of an original cover its translation, too.
 */
class TranslationsTest {
  private static final String ALL = "translations";

  /** Marks a page that was written in Chinese. */
  private static final String NO_ORIGINAL = "<!-- original: this page -->";

  static Stream<Translation> translations() throws IOException {
    return pages().flatMap(page -> Translation.of(page).stream());
  }

  static Stream<Translation> upToDateTranslations() throws IOException {
    return translations().filter(pages -> !pages.isOutdated());
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
  void pageIsUpToDateOrMarkedAsOutdated(Translation pages) {
    assertThat(pages.todo().orElse("")).isEmpty();
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
  @MethodSource("upToDateTranslations")
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
    return "](" + Translation.path(from, to) + ")";
  }
}
