package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.podLabels;
import static io.minilogin.k8s.Manifests.selects;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.minilogin.k8s.Rendering.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Helm 3.8 evaluates all arguments of "and", so a condition cannot guard the next one. */
  @Test
  void templatesDoNotUseAnd() throws IOException {
    try (var templates = Files.list(Path.of("charts", "mini-login", "templates"))) {
      assertThat(templates)
          .isNotEmpty()
          .allSatisfy(file -> assertThat(file).content().doesNotContainPattern("[{( ]and [.($]"));
    }
  }

  /** The namespace may enforce the restricted standard. */
  @Test
  void testPodIsRestrictedAndAsksTheService() throws IOException {
    var pod = Chart.testPod("image: {pullSecrets: [registry]}");
    assertThat(ApiModel.errors(pod)).isEmpty();
    assertThat(pod.at("/metadata/annotations/example.com~1hook").asText()).isEqualTo("test");
    assertThat(pod.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("registry");
    assertThat(pod.at("/spec/securityContext").toString())
        .contains("\"runAsNonRoot\":true", "\"type\":\"RuntimeDefault\"");
    var container = pod.at("/spec/containers/0");
    assertThat(container.path("image").asText()).matches("busybox:[0-9.]+");
    assertThat(container.path("securityContext").toString())
        .contains("\"allowPrivilegeEscalation\":false", "\"drop\":[\"ALL\"]");
    assertThat(container.at("/args/0").asText()).contains("http://mini-login/session");
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
