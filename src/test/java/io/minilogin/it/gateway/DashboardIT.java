package io.minilogin.it.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.minilogin.it.ScriptedHour;
import io.minilogin.it.ScriptedHour.Fault;
import io.minilogin.it.Started;
import io.minilogin.it.gateway.PrometheusServer.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The dashboard and the alerts of the component {@code monitoring} for an hour with one failure
 * after the other. {@code target/dashboard.html} contains the plots.
 */
@Tag("long")
@Tag("jar")
@Isolated("A check that takes over 50 ms on a busy machine would count as a fault.")
class DashboardIT {
  private static final Path COMPONENT = Path.of("k8s", "components", "monitoring");
  private static final Path PLOTS = Path.of("target", "dashboard.html");

  @RegisterExtension private static final Started started = new Started();
  @TempDir private static Path directory;

  private static final Map<String, List<Series>> byPanel = new LinkedHashMap<>();
  private static PrometheusServer prometheus;
  private static JsonNode rules;

  @BeforeAll
  static void playTheHour() throws Exception {
    Installed.program("prometheus");
    var hour = ScriptedHour.play(Files.createDirectory(directory.resolve("settings")));
    prometheus = started.add(PrometheusServer.knowing(hour, directory));
    rules =
        new ObjectMapper(new YAMLFactory())
            .readTree(COMPONENT.resolve("prometheusrule.yaml").toFile())
            .path("spec")
            .path("groups");
    var row = "";
    for (var panel :
        new ObjectMapper().readTree(COMPONENT.resolve("dashboard.json").toFile()).path("panels")) {
      if (panel.path("type").asText().equals("row")) {
        row = panel.path("title").asText();
      } else {
        byPanel.put(row + ": " + panel.path("title").asText(), shown(panel));
      }
    }
    Files.writeString(PLOTS, Plots.page(byPanel), UTF_8);
  }

  /** Returns the series of a panel, each with its legend as its only label. */
  private static List<Series> shown(JsonNode panel) throws IOException, InterruptedException {
    var lines = new ArrayList<Series>();
    for (var target : panel.path("targets")) {
      var query =
          target.path("expr").asText().replace("$__rate_interval", "4m").replace("$job", ".*");
      var answer = prometheus.ask(query);
      assertThat(answer).as(query).isNotEmpty();
      for (var each : answer) {
        var legend = target.path("legendFormat").asText();
        for (var label : each.labels().entrySet()) {
          legend = legend.replace("{{" + label.getKey() + "}}", label.getValue());
        }
        assertThat(legend).as(query).doesNotContain("{{");
        lines.add(new Series(Map.of("legend", legend), each.values()));
      }
    }
    return lines;
  }

  @Test
  void eachPanelShowsNumbers() {
    assertThat(byPanel).hasSize(26);
    assertThat(byPanel)
        .allSatisfy(
            (panel, lines) ->
                assertThat(lines).anySatisfy(line -> assertThat(line.values()).isNotEmpty()));
  }

  @ParameterizedTest
  @CsvSource({
    "REDIS_IS_AWAY, Logins: By outcome, store-unavailable",
    "REDIS_IS_AWAY, Checks: By outcome, store-unavailable",
    "REDIS_IS_AWAY, Redis: Failures, no-connection",
    "WECHAT_HANGS_UP, 'Logins: By app, without success', wx1111111111111111 wechat-failed",
    "WECHAT_HANGS_UP, WeChat: Calls by outcome, code2Session failed",
    "WRONG_APP_SECRET, 'Logins: By app, without success', wx1111111111111111 app-misconfigured",
    "MADE_UP_CODES, Logins: By outcome, code-invalid",
    "REDIS_IS_AWAY, Backends: Signatures by outcome, back-office store-unavailable",
    "FOREIGN_VALUES_IN_REDIS, Logins: Sessions, refused: session",
  })
  void panelShowsAFault(Fault fault, String panel, String legend) {
    var line =
        byPanel.get(panel).stream()
            .filter(each -> each.labels().containsValue(legend))
            .findFirst()
            .orElseThrow(() -> new AssertionError(legend + " is not in " + byPanel.get(panel)));
    var first =
        line.values().entrySet().stream()
            .filter(value -> value.getValue() > 0)
            .mapToInt(Map.Entry::getKey)
            .min();
    assertThat(first).isPresent();
    assertThat(first.getAsInt()).isBetween(fault.from(), fault.from() + 1);
  }

  @Test
  void panelShowsInvalidSettings() {
    var minutes =
        byPanel.get("Settings: State").stream()
            .filter(line -> line.labels().containsValue("reload successful"))
            .flatMap(line -> line.values().entrySet().stream())
            .filter(value -> value.getValue() == 0)
            .map(Map.Entry::getKey);
    assertThat(minutes)
        .containsExactlyElementsOf(
            IntStream.range(Fault.UNUSABLE_SETTINGS.from(), Fault.UNUSABLE_SETTINGS.until())
                .boxed()
                .toList());
  }

  /**
   * Expects that the alert fires within this number of minutes after the start of its failure, and
   * for no other failure.
   */
  @ParameterizedTest
  @CsvSource({
    "MiniLoginLoginsFail, REDIS_IS_AWAY, 2",
    "MiniLoginChecksFail, REDIS_IS_AWAY, 2",
    "MiniLoginWechatFails, WECHAT_HANGS_UP, 4",
    "MiniLoginAppRefused, WRONG_APP_SECRET, 1",
    "MiniLoginValuesRefused, FOREIGN_VALUES_IN_REDIS, 2",
    "MiniLoginReloadFails, UNUSABLE_SETTINGS, 2",
  })
  void alertFires(String alert, Fault fault, int within) throws Exception {
    var first = firstMinute(alert);
    assertThat(first).as(alert).isPresent();
    assertThat(first.getAsInt()).as(alert).isBetween(fault.from(), fault.from() + within);
  }

  /** Returns the first minute in which the alert fires. */
  private static OptionalInt firstMinute(String alert) throws IOException, InterruptedException {
    var rule = rule("alert", alert);
    var minutes =
        prometheus.ask(expression(rule)).stream()
            .flatMap(series -> series.values().keySet().stream())
            .collect(Collectors.toSet());
    var needed = Integer.parseInt(rule.path("for").asText("0m").replace("m", ""));
    return minutes.stream()
        .mapToInt(minute -> minute)
        .filter(
            minute -> IntStream.rangeClosed(minute - needed, minute).allMatch(minutes::contains))
        .min();
  }

  /**
   * Returns the expression of a rule. Names of recording rules are replaced with their expressions.
   */
  private static String expression(JsonNode rule) {
    var text = rule.path("expr").asText();
    for (var each : rules.findValuesAsText("record")) {
      if (text.contains(each)) {
        text = text.replace(each, "(" + rule("record", each).path("expr").asText() + ")");
      }
    }
    return text;
  }

  private static JsonNode rule(String kind, String name) {
    for (var group : rules) {
      for (var rule : group.path("rules")) {
        if (rule.path(kind).asText().equals(name)) {
          return rule;
        }
      }
    }
    throw new AssertionError("no " + kind + " " + name);
  }
}
