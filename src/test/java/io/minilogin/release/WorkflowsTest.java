package io.minilogin.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The workflows of GitHub Actions, as far as they can be checked without GitHub. */
class WorkflowsTest {
  private static final Pattern USES = Pattern.compile("(?m)^ *(?:- )?uses: (.+)$");
  private static final String PINNED = "[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+";
  private static final String OURS = "\\./\\.github/workflows/\\w+\\.yml";
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{.*?}}");
  private static final Pattern FILE =
      Pattern.compile(
          "(?m)(?:^|[\\s(])(\\.ci/[\\w-]+|site/build|\\./mvnw|src/[\\w/]+/Dockerfile[.\\w]*)");

  static List<Path> workflows() throws IOException {
    try (var files = Files.list(Path.of(".github", "workflows"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void actionsArePinnedByTheirCommit(Path workflow) throws IOException {
    assertThat(USES.matcher(Files.readString(workflow)).results())
        .isNotEmpty()
        .extracting(action -> action.group(1))
        .allMatch(action -> action.matches(PINNED) || action.matches(OURS), "is pinned");
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void tokenMayOnlyReadUnlessAJobSaysMore(Path workflow) throws IOException {
    assertThat(read(workflow).path("permissions").properties())
        .containsExactly(Map.entry("contents", new YAMLMapper().valueToTree("read")));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void jobsHaveATimeout(Path workflow) throws IOException {
    for (var job : read(workflow).path("jobs").properties()) {
      assertThat(job.getValue().has("timeout-minutes") || job.getValue().has("uses"))
          .as(job.getKey())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void scriptsAndFilesExist(Path workflow) throws IOException {
    var files = FILE.matcher(Files.readString(workflow)).results().map(file -> file.group(1));
    assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).exists());
  }

  /** Expressions come from outside, so a step reads them from its environment. */
  @ParameterizedTest
  @MethodSource("workflows")
  void stepsAreValidBashWithoutExpressions(Path workflow) throws Exception {
    Shell.requireBash();
    for (var job : read(workflow).path("jobs")) {
      for (var step : job.path("steps")) {
        var script = step.path("run").asText();
        assertThat(EXPRESSION.matcher(script).results().map(MatchResult::group)).isEmpty();
        assertThat(Shell.run(Path.of(""), Map.of(), "-n", "-c", script).output())
            .as(script)
            .isEmpty();
      }
    }
  }

  /** GitHub gives no job of another workflow the right to sign in the name of this one. */
  @ParameterizedTest
  @MethodSource("workflows")
  void onlyReleaseAndScorecardSign(Path workflow) throws IOException {
    var signing = Set.of("publish", "chart", "client", "release", "scorecard", "deploy");
    for (var job : read(workflow).path("jobs").properties()) {
      if (job.getValue().path("permissions").has("id-token")) {
        assertThat(signing).contains(job.getKey());
      }
    }
  }

  private static JsonNode read(Path workflow) throws IOException {
    return new YAMLMapper().readTree(workflow.toFile());
  }
}
