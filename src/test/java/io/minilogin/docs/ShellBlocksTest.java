package io.minilogin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Commands of the pages can be pasted into bash and into zsh, the shell of macOS. */
class ShellBlocksTest {
  private static final Pattern SHELL = Pattern.compile("^ *```(?:sh|shell|bash)\\n");

  /**
   * An interactive zsh has no comments: it passes {@code #} and the words after it to the command.
   * Its {@code read -p} reads from a coprocess. The sed of macOS needs a suffix after {@code -i}. A
   * shell without bracketed paste reads the rest of a pasted block as the input of {@code read}.
   */
  private static final Pattern NOT_PORTABLE =
      Pattern.compile("(?m)(?:^|\\s)#(?:\\s|$)|\\bread -\\w*p|\\bsed -i |^ *read .*\\n(?! *```)");

  @Test
  void shellBlocksRunInBashAndZsh() throws IOException {
    var blocks = Page.all().stream().flatMap(page -> page.blocks().stream());
    assertThat(blocks)
        .filteredOn(block -> SHELL.matcher(block).lookingAt())
        .hasSizeGreaterThan(50)
        .allSatisfy(block -> assertThat(block).doesNotContainPattern(NOT_PORTABLE));
  }
}
