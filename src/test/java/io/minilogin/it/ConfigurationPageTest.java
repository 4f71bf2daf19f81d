package io.minilogin.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Integration tests run every block of {@code docs/configuration.md}. */
class ConfigurationPageTest {
  private static final Path TESTS = Path.of("src", "test", "java", "io", "minilogin", "it");

  /** A heading that is followed by a block before the next heading. */
  private static final Pattern SHOWN =
      Pattern.compile("^(#+ .*)\\n(?:(?!#).*\\n)*?```properties\\n", Pattern.MULTILINE);

  @Test
  void everyBlockIsUsedByATest() throws IOException {
    var headings =
        SHOWN
            .matcher(Files.readString(Path.of(Store.PAGE)))
            .results()
            .map(shown -> "\"" + shown.group(1) + "\"")
            .toList();
    assertThat(headings).hasSizeGreaterThan(5);
    var tests = new StringBuilder();
    try (var files = Files.list(TESTS)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        tests.append(Files.readString(file));
      }
    }
    assertThat(tests.toString()).contains(headings);
  }
}
