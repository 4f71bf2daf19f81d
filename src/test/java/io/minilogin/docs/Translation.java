package io.minilogin.docs;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Chinese page and the English page that it translates. A comment in the Chinese page has the
 * hash of the translated version: {@code <!-- original: ../page.md sha256:0123456789abcdef -->}. If
 * the English page has changed since, a banner below the comment warns the reader.
 *
 * @param originalThen the hash in the comment
 */
record Translation(Page page, Page original, String originalThen) {
  private static final Pattern COMMENT =
      Pattern.compile("^<!-- original: (\\S+) sha256:(\\w+) -->\\n", Pattern.MULTILINE);

  private static final String BANNER = "> **注意**：英文原文已更新，本页尚未同步，内容以";

  /** Returns nothing for a page without the comment. */
  static Optional<Translation> of(Page page) {
    return COMMENT
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

  /** Whether the original has changed since it was translated. */
  boolean isOutdated() {
    return !originalThen.equals(original.hash());
  }

  /** Returns the line that an outdated page must have below its comment. */
  String banner() {
    return BANNER + "[英文原文](" + path(page, original) + ")为准。";
  }

  /** Returns what a person must do, or nothing if the page is up to date or marked as outdated. */
  Optional<String> todo() {
    if (isOutdated()) {
      return hasBannerAtTop() ? Optional.empty() : Optional.of(translateOrMark());
    }
    return page.text().contains(BANNER)
        ? Optional.of("%s is up to date: remove the line %s…".formatted(page, BANNER))
        : Optional.empty();
  }

  /** Returns the relative path of a link between two pages. */
  static Path path(Page from, Page to) {
    return from.file().toAbsolutePath().getParent().relativize(to.file().toAbsolutePath());
  }

  private boolean hasBannerAtTop() {
    var afterComment = COMMENT.split(page.text(), 2)[1];
    return afterComment.stripLeading().startsWith(banner() + "\n");
  }

  private String translateOrMark() {
    return """
    %2$s has changed since %1$s was translated. See the change:
      git diff $(git log -1 --format=%%h -S%3$s -- %1$s) -- %2$s
    Either translate the change and write sha256:%4$s into the comment at the top of %1$s,
    or leave the comment as it is and add this line below it, between blank lines:
    %5$s"""
        .formatted(page, original, originalThen, original.hash(), banner());
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
