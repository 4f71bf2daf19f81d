package io.minilogin.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The dashboard can be imported into any Grafana, and published on grafana.com. DashboardIT tests
 * what it shows.
 */
class DashboardTest {
  private static final Pattern SELECTED = Pattern.compile("\\b(?:mini_login|jvm|process)_\\w+");
  private static final Pattern OF_THE_JOB =
      Pattern.compile(SELECTED + Pattern.quote("{job=~\"$job\""));

  private final JsonNode dashboard;

  DashboardTest() throws IOException {
    dashboard =
        new ObjectMapper().readTree(Path.of("k8s/components/monitoring/dashboard.json").toFile());
  }

  @Test
  void dashboardNamesItsRequirementsAndHasNoIdOfAGrafana() {
    assertThat(dashboard.path("id").isNull()).isTrue();
    assertThat(dashboard.path("__inputs").isArray()).isTrue();
    assertThat(dashboard.path("description").asText()).isNotEmpty();
    var types = new ArrayList<String>();
    panels().forEach(panel -> types.add(panel.path("type").asText()));
    assertThat(dashboard.path("__requires").findValuesAsText("id"))
        .contains("grafana", "prometheus")
        .containsAll(types);
  }

  @Test
  void dataSourceIsAlwaysTheVariable() {
    assertThat(dashboard.findValues("datasource"))
        .hasSizeGreaterThan(20)
        .allSatisfy(it -> assertThat(it.path("uid").asText()).isEqualTo("${datasource}"));
  }

  @Test
  void eachQueryAsksForTheChosenJobOnly() {
    assertThat(dashboard.findValuesAsText("expr"))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            query ->
                assertThat(OF_THE_JOB.matcher(query).results().count())
                    .isPositive()
                    .isEqualTo(SELECTED.matcher(query).results().count()));
  }

  @Test
  void eachDocumentedMetricIsShown() throws IOException {
    var documented =
        Pattern.compile("^\\| `(mini_login_\\w+)`", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs", "metrics.md")))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(documented).hasSizeGreaterThan(20);
    var queries = String.join("\n", dashboard.findValuesAsText("expr"));
    assertThat(documented)
        .allMatch(
            metric ->
                Pattern.compile("\\b" + metric + "(_bucket|_count|_sum)?\\{")
                    .matcher(queries)
                    .find());
  }

  @Test
  void eachPanelHasADescription() {
    assertThat(panels())
        .isNotEmpty()
        .allSatisfy(
            panel -> assertThat(panel.path("description").asText()).as(title(panel)).isNotEmpty());
  }

  private List<JsonNode> panels() {
    var panels = new ArrayList<JsonNode>();
    for (var panel : dashboard.path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        panels.add(panel);
      }
    }
    return panels;
  }

  private static String title(JsonNode panel) {
    return panel.path("title").asText();
  }
}
