package io.minilogin.docs;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that the security pages name exist, and the totals count each requirement. */
class SecurityPagesTest {
  private static final Page THREATS = Page.of(Path.of("docs/security.md"));
  private static final Page ASVS = Page.of(Path.of("docs/asvs.md"));

  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|IT|Contract))`");
  private static final Pattern REQUIREMENT =
      Pattern.compile("(?m)^\\| (\\d+\\.\\d+\\.\\d+) \\|[^|]*\\| ([^|]+) \\| (.+) \\|$");
  private static final Pattern TOTAL = Pattern.compile("(?m)^\\| ([a-z/ ]+) \\| (\\d+) \\|$");

  @Test
  void namedTestsExist() throws IOException {
    try (var files = Files.walk(Path.of("src/test/java"))) {
      var classes = files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
      assertThat(Stream.of(THREATS, ASVS).flatMap(page -> tests(page.text())))
          .hasSizeGreaterThan(100)
          .isSubsetOf(classes);
    }
  }

  @Test
  void totalsMatchTheTables() {
    var totals =
        TOTAL
            .matcher(ASVS.text())
            .results()
            .collect(toMap(row -> row.group(1), row -> Long.valueOf(row.group(2))));
    assertThat(requirements().stream().collect(groupingBy(row -> row.group(2), counting())))
        .hasSize(4)
        .isEqualTo(totals);
  }

  @Test
  void requirementsAreUnique() {
    assertThat(requirements()).extracting(row -> row.group(1)).doesNotHaveDuplicates();
  }

  @Test
  void testedRequirementsNameATest() {
    assertThat(requirements())
        .filteredOn(row -> row.group(2).equals("tested"))
        .allSatisfy(row -> assertThat(tests(row.group(3))).as(row.group(1)).isNotEmpty());
  }

  private static List<MatchResult> requirements() {
    return REQUIREMENT.matcher(ASVS.text()).results().toList();
  }

  private static Stream<String> tests(String text) {
    return TEST.matcher(text).results().map(test -> test.group(1));
  }
}
