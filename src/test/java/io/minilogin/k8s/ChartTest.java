package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.pod;
import static io.minilogin.k8s.Manifests.podLabels;
import static io.minilogin.k8s.Manifests.selects;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.minilogin.k8s.Rendering.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart installs the objects of the manifests, and takes only values that it knows. */
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

  // Values

  @Test
  void schemaKnowsEachValue() throws IOException {
    var schema = Chart.read("values.schema.json").path("properties");
    assertThat(names(schema, "/properties"))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("global"), names(Chart.read("values.yaml"), "")).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replica: 1                                          | replica
          replicas: two                                       | replicas
          redis: {enable: true}                               | enable
          image: {tag: latest}                                | /image/tag
          image: {repository: 'mini-login:1.0'}               | /image/repository
          settings: {session.lifetime: 7D}                    | session.lifetime
          settings: {WECHAT_SECRET: x}                        | WECHAT_SECRET
          settings: {CLIENTS_0__PREVIOUS_SECRET: x}           | CLIENTS_0__PREVIOUS_SECRET
          settings: {WECHAT_PUSH_AES_KEY: x}                  | WECHAT_PUSH_AES_KEY
          ingress: {enabled: true, tlsSecret: tls}            | /ingress/host
          ingress: {enabled: true, host: api.example.com}     | /ingress/tlsSecret
          ingress: {corsOrigins: [h5.example.com]}            | /ingress/corsOrigins
          gatewayApi: {enabled: true, hostnames: [a.example]} | /gatewayApi/parentRefs
          externalSecret: {enabled: true}                     | /externalSecret/secretStoreRef/name
          networkPolicy: {extraEgress: [{ports: []}]}         | /networkPolicy/extraEgress
          """)
  void invalidValueIsRejected(String values, String name) {
    assertThatThrownBy(() -> Chart.render(Chart.RELEASE, values)).hasMessageContaining(name);
  }

  @Test
  void valuesOfThePageAreValid() throws IOException {
    var block =
        Pattern.compile("```yaml\n(image: .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs", "kubernetes.md")));
    assertThat(block.find()).isTrue();
    var manifests = Chart.render(Chart.RELEASE, block.group(1));
    assertThat(manifests.settings()).containsKey("QUARKUS_REDIS_HOSTS");
    assertThat(manifests.ofKind("HTTPRoute")).hasSize(1);
  }

  @Test
  void settingsKeepTheirText() {
    var manifests =
        Chart.render(
            Chart.RELEASE,
            """
            redis: {enabled: true}
            settings:
              QUARKUS_REDIS_HOSTS: redis://elsewhere
              QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS: 1000000
              QUARKUS_OTEL_TRACES_SAMPLER_ARG: 0.1
              QUARKUS_OTEL_SDK_DISABLED: false
              SESSION_LIFETIME: $(HOME)
            """);
    assertThat(manifests.settings())
        .isEqualTo(
            Map.of(
                "QUARKUS_REDIS_HOSTS", "redis://elsewhere",
                "QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "1000000",
                "QUARKUS_OTEL_TRACES_SAMPLER_ARG", "0.1",
                "QUARKUS_OTEL_SDK_DISABLED", "false",
                "SESSION_LIFETIME", "$$(HOME)"));
  }

  @Test
  void valuesOfThePodReachThePod() {
    var manifests =
        Chart.render(
            Chart.RELEASE,
            """
            image: {repository: registry:5000/team/mini-login, tag: 1.2.3, pullSecrets: [registry]}
            secretName: wechat
            resources: {requests: {cpu: 2}, limits: {memory: 1Gi}}
            extraVolumes: [{name: tls, configMap: {name: tls}}]
            extraVolumeMounts: [{name: tls, mountPath: /etc/tls}]
            podLabels: {team: login}
            podAnnotations: {note: text}
            nodeSelector: {disk: ssd}
            tolerations: [{key: dedicated, operator: Exists}]
            affinity: {nodeAffinity: {}}
            serviceAccountName: puller
            priorityClass: {name: existing}
            podDisruptionBudget: {enabled: false}
            """);
    assertThat(manifests.objects()).allMatch(object -> ApiModel.errors(object).isEmpty());
    assertThat(manifests.ofKind("PodDisruptionBudget", "PriorityClass")).isEmpty();
    var deployment = manifests.only("Deployment", "mini-login");
    var template = deployment.at("/spec/template").toString();
    assertThat(template)
        .contains("\"registry:5000/team/mini-login:1.2.3\"", "\"secretName\":\"wechat\"")
        .contains("\"imagePullSecrets\":[{\"name\":\"registry\"}]", "\"team\":\"login\"")
        .contains("\"note\":\"text\"", "\"disk\":\"ssd\"", "\"dedicated\"", "\"nodeAffinity\"")
        .contains("\"serviceAccountName\":\"puller\"", "\"priorityClassName\":\"existing\"")
        .contains("\"mountPath\":\"/etc/tls\"", "\"configMap\":{\"name\":\"tls\"}");
    assertThat(pod(deployment).at("/containers/0/resources").toString())
        .contains("\"cpu\":2", "\"memory\":\"1Gi\"", "\"memory\":\"128Mi\"", "ephemeral-storage");
  }

  @Test
  void ingressWithoutTheClientsAddressHasNoLimit() {
    var ingress = "ingress: {enabled: true, host: a.example, tlsSecret: tls, loginsPerSecond: %d}";
    assertThat(Chart.render(Chart.RELEASE, ingress.formatted(0)).toString())
        .doesNotContain("limit-", "cors-");
    assertThat(Chart.render(Chart.RELEASE, ingress.formatted(5)).toString())
        .contains("limit-rps\":\"5\"");
  }

  @Test
  void gatewayAllowsOriginsOfPages() {
    var route =
        Chart.render(
                Chart.RELEASE,
                """
                gatewayApi:
                  enabled: true
                  parentRefs: [{name: public, namespace: gateways}]
                  hostnames: [api.example.com]
                  corsOrigins: ['https://h5.example.com']
                """)
            .only("HTTPRoute", "mini-login");
    assertThat(route.at("/spec/rules/0/filters/0/cors/allowOrigins").toString())
        .isEqualTo("[\"https://h5.example.com\"]");
  }

  // Releases

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

  /** Returns the names of values at two levels. Deeper values are objects of Kubernetes. */
  private static Stream<String> names(JsonNode values, String nested) {
    return values
        .propertyStream()
        .flatMap(
            value ->
                Stream.concat(
                    Stream.of(value.getKey()),
                    value
                        .getValue()
                        .at(nested)
                        .propertyStream()
                        .map(inner -> value.getKey() + "." + inner.getKey())));
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
