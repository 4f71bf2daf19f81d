package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.podLabels;
import static io.minilogin.k8s.Manifests.selects;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.minilogin.k8s.Rendering.Tool;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart installs the objects of the manifests. */
class ChartTest {
  static Stream<Rendering> charts() {
    return Rendering.all().filter(rendering -> rendering.tool() == Tool.HELM);
  }

  @ParameterizedTest
  @MethodSource("charts")
  void chartHasTheObjectsOfKustomize(Rendering chart) {
    var ofChart = ComparableObjects.fields(chart.manifests());
    var ofKustomize = ComparableObjects.fields(chart.by(Tool.KUSTOMIZE).manifests());
    assertThat(difference(ofChart, ofKustomize)).as("only in the chart").isEmpty();
    assertThat(difference(ofKustomize, ofChart)).as("only in kustomize's output").isEmpty();
  }

  @Test
  void lintFindsNothing() {
    var result = new Helm(Chart.PACKAGE).lint().strict().quiet().call();
    assertThat(result.getMessages()).isEmpty();
    assertThat(result.isFailed()).isFalse();
  }

  /** A Deployment's selector cannot change, so a new version must not change it. */
  @Test
  void selectorsHaveOnlyTheNameAndTheRelease() {
    assertThat(Rendering.DEV.by(Tool.HELM).manifests().workloads())
        .hasSize(2)
        .allSatisfy(
            workload ->
                assertThat(workload.at("/spec/selector/matchLabels").fieldNames())
                    .toIterable()
                    .containsExactly("app.kubernetes.io/name", "app.kubernetes.io/instance"));
  }

  @Test
  void releasesInANamespaceShareNoObjectAndNoPod() {
    var everything = "redis: {enabled: true}\nmonitoring: {enabled: true}";
    var first = Chart.render("first", everything);
    var second = Chart.render("second", everything);
    assertThat(first.objects()).extracting(Manifests::named).allMatch(n -> n.startsWith("first-"));
    assertThat(second.objects())
        .extracting(Manifests::named)
        .allMatch(name -> name.startsWith("second-mini-login"));
    assertThat(first.ofKind("Service", "PodDisruptionBudget", "PodMonitor", "NetworkPolicy"))
        .hasSizeGreaterThan(4)
        .map(ChartTest::selector)
        .allMatch(selector -> first.workloads().anyMatch(w -> selects(selector, podLabels(w))))
        .noneMatch(selector -> second.workloads().anyMatch(w -> selects(selector, podLabels(w))));
  }

  @Test
  void notesShowHowToLogIn() {
    assertThat(Chart.notes("values-prod.yaml"))
        .contains("create secret generic mini-login", "kubectl -n mini-login port-forward")
        .contains("curl http://localhost:8080/login", "http://mini-login.mini-login")
        .contains("Redis has no address yet", "mini-login/traffic=true", "gatewayApi.enabled");
    assertThat(Chart.notes("values-dev.yaml"))
        .contains("--from-literal=quarkus.redis.password")
        .doesNotContain("Redis has no address yet", "mini-login/traffic");
  }

  private static Map<String, String> difference(
      Map<String, String> fields, Map<String, String> others) {
    var difference = new TreeMap<>(fields);
    difference.entrySet().removeAll(others.entrySet());
    return difference;
  }

  private static JsonNode selector(JsonNode object) {
    return Stream.of(
            "/spec/selector/matchLabels", "/spec/podSelector/matchLabels", "/spec/selector")
        .map(object::at)
        .filter(found -> !found.isMissingNode())
        .findFirst()
        .orElseThrow();
  }
}
