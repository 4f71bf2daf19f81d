package io.minilogin.problem;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.OpenApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAPI document has an example of each problem at the operations where it can occur. */
class DocumentedProblemsTest {
  private static final JsonNode EXAMPLES = OpenApi.document().at("/components/examples");

  @ParameterizedTest
  @EnumSource
  void everyProblemTypeHasAnExample(ProblemType type) {
    var example = EXAMPLES.path(type.metricName()).path("value");
    assertThat(example.path("type").asText()).isEqualTo(type.urn());
    assertThat(example.path("title").asText()).isEqualTo(type.title());
    assertThat(example.path("status").asInt()).isEqualTo(type.status());
    assertThat(example.path("action").asText()).isEqualTo(type.action().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"docs/problems.md", "docs/zh/problems.md"})
  void pageListsEveryProblem(String page) throws IOException {
    assertThat(Files.readString(Path.of(page)))
        .contains(
            Arrays.stream(ProblemType.values())
                .map(type -> "`" + type.metricName() + "`")
                .toList());
  }

  @Test
  void noOtherExamplesExist() {
    var types = Arrays.stream(ProblemType.values()).map(ProblemType::urn).toList();
    assertThat(EXAMPLES)
        .allSatisfy(example -> assertThat(types).contains(example.at("/value/type").asText()));
  }

  @Test
  void examplesAreUsedInResponsesWithTheirStatus() {
    var used = examplesByStatus();
    used.forEach(
        (status, examples) -> {
          if (!status.equals("default")) {
            assertThat(examples)
                .allSatisfy(e -> assertThat(e.at("/value/status").asText()).isEqualTo(status));
          }
        });
    assertThat(EXAMPLES)
        .allSatisfy(example -> assertThat(used.values()).anyMatch(all -> all.contains(example)));
  }

  private static Map<String, List<JsonNode>> examplesByStatus() {
    var byStatus = new TreeMap<String, List<JsonNode>>();
    for (var operation : OpenApi.operations()) {
      for (var response : operation.content().path("responses").properties()) {
        var content =
            OpenApi.resolved(response.getValue()).at("/content/application~1problem+json");
        for (var example : content.path("examples")) {
          byStatus
              .computeIfAbsent(response.getKey(), status -> new ArrayList<>())
              .add(OpenApi.resolved(example));
        }
      }
    }
    return byStatus;
  }
}
