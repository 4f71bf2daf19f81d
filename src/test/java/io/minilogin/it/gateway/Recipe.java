package io.minilogin.it.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file that a page of the documentation shows in a fenced block, to be copied as it stands. */
public record Recipe(String text) {
  private static final String FENCE = "```";

  /**
   * The only block of the page that is marked with this language.
   *
   * @param page relative to the root of the project
   */
  static Recipe of(String page, String language) {
    var found = blocks(page, language);
    if (found.size() != 1) {
      throw new IllegalStateException(
          "%s has %d blocks of %s".formatted(page, found.size(), language));
    }
    return new Recipe(found.get(0));
  }

  /**
   * The first block of this language below a heading.
   *
   * @param page relative to the root of the project
   * @param heading as it stands there: {@code "### Sentinel"}
   */
  public static Recipe under(String page, String heading, String language) {
    var lines = lines(page);
    var start = lines.indexOf(heading);
    if (start < 0) {
      throw new IllegalStateException(page + " has no \"" + heading + "\"");
    }
    return new Recipe(blocks(lines.subList(start, lines.size()), language).get(0));
  }

  /** The same with another address or path; one that the page does not show is a mistake. */
  public Recipe with(String shown, Object real) {
    if (!text.contains(shown)) {
      throw new IllegalStateException("nothing says \"" + shown + "\" in\n" + text);
    }
    return new Recipe(text.replace(shown, real.toString()));
  }

  /** Writes it into a file of this name. */
  public Path into(Path directory, String name) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All blocks of the page that are marked with this language. */
  static List<String> blocks(String page, String language) {
    return blocks(lines(page), language);
  }

  private static List<String> blocks(List<String> lines, String language) {
    var blocks = new ArrayList<String>();
    StringBuilder block = null;
    for (var line : lines) {
      if (block == null && line.equals(FENCE + language)) {
        block = new StringBuilder();
      } else if (block != null && line.equals(FENCE)) {
        blocks.add(block.toString());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }

  private static List<String> lines(String page) {
    try {
      return Files.readAllLines(Path.of(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
