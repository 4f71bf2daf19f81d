package io.minilogin.it.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file in a fenced block of a documentation page, ready to be copied. */
public record Recipe(String text) {
  private static final String FENCE = "```";

  /**
   * Returns the only block of the page with this language.
   *
   * @param page the path relative to the root of the project
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
   * Returns the first block of this language below a heading.
   *
   * @param page the path relative to the root of the project
   * @param heading the heading as written, such as {@code "### Sentinel"}
   */
  public static Recipe under(String page, String heading, String language) {
    var lines = lines(page);
    var start = lines.indexOf(heading);
    if (start < 0) {
      throw new IllegalStateException(page + " has no \"" + heading + "\"");
    }
    return new Recipe(blocks(lines.subList(start, lines.size()), language).get(0));
  }

  /** Replaces an address or path. Fails if the page does not show it. */
  public Recipe with(String shown, Object real) {
    if (!text.contains(shown)) {
      throw new IllegalStateException("no block contains \"" + shown + "\" in\n" + text);
    }
    return new Recipe(text.replace(shown, real.toString()));
  }

  /** Writes the text to a file with this name. */
  public Path into(Path directory, String name) {
    try {
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all blocks of the page with this language. */
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
