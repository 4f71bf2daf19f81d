package io.minilogin.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of CI, where they are. */
class CiScriptsTest {
  /**
   * Ends the program before it with SIGPIPE, whose status is 141 and, with pipefail, the pipe's.
   */
  private static final Pattern STOPS_READING =
      Pattern.compile("\\|\\s*(?:head\\b|grep -\\w*[qm]|sed [^|\n]*\\bq\\b|awk [^|\n]*\\bexit\\b)");

  @TempDir private Path reports;

  @BeforeEach
  void requireBash() {
    Shell.requireBash();
  }

  /** The names exceed the 64 KB that fit into a pipe: a reader that stops early ends its writer. */
  @Test
  void slowestClassesOfManyReportsArePrinted() throws Exception {
    for (var number = 1; number <= 400; number++) {
      var name = number + "x".repeat(200);
      Files.writeString(
          reports.resolve("TEST-" + name + ".xml"),
          "<testsuite xmlns=\"\" name=\"%s\" time=\"%d.5\" tests=\"1\">\n".formatted(name, number));
    }
    var result = Shell.run(Path.of("."), Map.of(), ".ci/slowest", reports.toString());
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output().lines())
        .hasSize(10)
        .first()
        .asString()
        .startsWith("  400.5 s  400x");
  }

  @Test
  void noPipeWithPipefailHasAReaderThatStopsEarly() throws IOException {
    var scripts = new ArrayList<Path>();
    for (var directory : new String[] {".ci", "bench", "docs/images", "site"}) {
      try (var files = Files.list(Path.of(directory))) {
        files.filter(Files::isExecutable).filter(Files::isRegularFile).forEach(scripts::add);
      }
    }
    assertThat(scripts).contains(Path.of(".ci", "run"), Path.of("site", "build"));
    for (var script : scripts) {
      var text = Files.readString(script);
      if (text.contains("pipefail")) {
        assertThat(text).as(script.toString()).doesNotContainPattern(STOPS_READING);
      }
    }
  }
}
