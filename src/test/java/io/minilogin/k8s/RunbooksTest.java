package io.minilogin.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each alert leads to its section of the page on operation. */
class RunbooksTest {
  private static final Path RULES =
      Path.of("k8s", "components", "monitoring", "prometheusrule.yaml");
  private static final String SITE = "https://docs.example.com/mini-login/1.0";
  private static final Pattern SED =
      Pattern.compile("^sed -i\\.bak '(s\\|.*\\|)' " + RULES + "$", Pattern.MULTILINE);

  @Test
  void eachAlertNamesItsHeading() throws IOException {
    var page = Files.readString(Path.of("docs", "operations.md"));
    assertThat(annotations(Files.readString(RULES), "runbook"))
        .hasSizeGreaterThan(5)
        .allSatisfy(
            (alert, runbook) -> {
              assertThat(runbook).isEqualTo("docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
              assertThat(page).contains("\n### " + alert + "\n");
            });
  }

  @Test
  void chartLinksToTheSite() throws IOException {
    var expected = new HashMap<String, String>();
    annotations(Files.readString(RULES), "runbook")
        .keySet()
        .forEach(
            alert ->
                expected.put(alert, SITE + "/operations.html#" + alert.toLowerCase(Locale.ROOT)));
    var rules = ofChart("monitoring: {enabled: true, docsUrl: '" + SITE + "'}");
    assertThat(annotations(rules, "runbook_url")).isEqualTo(expected);
    assertThat(annotations(rules, "runbook")).isEmpty();
    assertThat(annotations(ofChart("monitoring: {enabled: true}"), "runbook_url")).isEmpty();
  }

  @Test
  void documentedCommandLinksManifestsToTheSite() throws Exception {
    var command = SED.matcher(Files.readString(Path.of("docs", "kubernetes.md")));
    assertThat(command.find()).isTrue();
    assumeTrue(Files.isExecutable(Path.of("/bin/sed")), "sed is not installed");
    var sed = new ProcessBuilder("/bin/sed", command.group(1), RULES.toString()).start();
    var changed = new String(sed.getInputStream().readAllBytes(), UTF_8);
    assertThat(annotations(changed, "runbook_url"))
        .isEqualTo(
            annotations(
                ofChart("monitoring: {enabled: true, docsUrl: '" + SITE + "'}"), "runbook_url"));
  }

  private static String ofChart(String values) {
    return Chart.render(Chart.RELEASE, values).only("PrometheusRule", Chart.RELEASE).toString();
  }

  /** Returns the value of an annotation by alert. */
  private static Map<String, String> annotations(String rules, String name) throws IOException {
    var values = new HashMap<String, String>();
    for (var group : new YAMLMapper().readTree(rules).at("/spec/groups")) {
      for (JsonNode rule : group.path("rules")) {
        var value = rule.path("annotations").path(name);
        if (value.isTextual()) {
          values.put(rule.path("alert").asText(), value.asText());
        }
      }
    }
    return values;
  }
}
