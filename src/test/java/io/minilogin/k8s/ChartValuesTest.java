package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart takes only values that it knows, and each of them has an effect. */
class ChartValuesTest {
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
          serviceAccount: {annotation: {}}                    | annotation
          extraEnv: [{name: WECHAT_SECRET, value: x}]         | /extraEnv/0
          commonLabels: {helm.sh/chart: x}                    | helm.sh/chart
          topologySpreadConstraints: [{maxSkew: 1}]           | topologyKey
          test: {image: {tags: 1}}                            | tags
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
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule}]
            extraEnv: [{name: QUARKUS_REDIS_PASSWORD, valueFrom: {secretKeyRef: {name: redis, key: p}}}]
            serviceAccount: {name: puller}
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
        .contains("\"mountPath\":\"/etc/tls\"", "\"configMap\":{\"name\":\"tls\"}")
        .contains("\"secretKeyRef\":{\"key\":\"p\",\"name\":\"redis\"}", "\"rack\"")
        .doesNotContain("pod-template-hash");
    assertThat(pod(deployment).at("/containers/0/resources").toString())
        .contains("\"cpu\":2", "\"memory\":\"1Gi\"", "\"memory\":\"128Mi\"", "ephemeral-storage");
  }

  @Test
  void serviceAccountHasAnnotationsAndNoToken() {
    var manifests =
        Chart.render(Chart.RELEASE, "serviceAccount: {create: true, annotations: {note: text}}");
    var account = manifests.only("ServiceAccount", "mini-login");
    assertThat(ApiModel.errors(account)).isEmpty();
    assertThat(account.at("/metadata/annotations/note").asText()).isEqualTo("text");
    assertThat(account.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod(manifests.only("Deployment", "mini-login")).path("serviceAccountName").asText())
        .isEqualTo("mini-login");
  }

  @Test
  void commonLabelsAreOnObjectsAndPodsButNotInSelectors() {
    var everything =
        """
        commonLabels: {team: login}
        podLabels: {team: pods}
        redis: {enabled: true}
        monitoring: {enabled: true}
        serviceAccount: {create: true}
        priorityClass: {create: true}
        """;
    var manifests = Chart.render(Chart.RELEASE, everything);
    assertThat(manifests.objects())
        .hasSizeGreaterThan(10)
        .allMatch(object -> object.at("/metadata/labels/team").asText().equals("login"));
    assertThat(manifests.workloads())
        .extracting(workload -> Manifests.podLabels(workload).path("team").asText())
        .containsExactlyInAnyOrder("pods", "login");
    assertThat(manifests.objects())
        .allMatch(object -> !object.path("spec").findPath("matchLabels").has("team"))
        .allMatch(object -> !object.at("/spec/selector").has("team"));
  }

  /** Pods read settings and the files of Redis at the start only. */
  @Test
  void changedConfigurationReplacesThePods() {
    var before = Chart.render(Chart.RELEASE, "redis: {enabled: true}");
    var after = Chart.render(Chart.RELEASE, "redis: {enabled: true}\nsettings: {A: b}");
    var template = "/spec/template";
    assertThat(after.only("Deployment", "mini-login").at(template))
        .isNotEqualTo(before.only("Deployment", "mini-login").at(template));
    var redis = after.only("StatefulSet", "mini-login-redis");
    assertThat(redis).isEqualTo(before.only("StatefulSet", "mini-login-redis"));
    assertThat(redis.at(template + "/metadata/annotations/checksum~1config").asText()).hasSize(64);
  }

  /** The README appears where charts are listed. Its table has each value and its default. */
  @Test
  void readmeListsEachValue() throws IOException {
    var row = Pattern.compile("(?m)^\\| `([^`]+)` \\| (?:`([^`]*)`|\\S.*?) \\|");
    var documented =
        row.matcher(Chart.text("README.md"))
            .results()
            .map(match -> match.group(1) + "=" + match.group(2));
    assertThat(documented)
        .containsExactlyElementsOf(defaults(Chart.read("values.yaml"), "").toList());
  }

  /** Returns names and defaults. The default of a list with entries or of an empty text is null. */
  private static Stream<String> defaults(JsonNode values, String prefix) {
    return values
        .propertyStream()
        .flatMap(
            value -> {
              var name = prefix + value.getKey();
              var node = value.getValue();
              if (node.isObject() && !node.isEmpty()) {
                return defaults(node, name + ".");
              }
              var none =
                  node.isTextual() ? node.asText().isEmpty() : node.isArray() && !node.isEmpty();
              return Stream.of(
                  name + "=" + (none ? null : node.isTextual() ? node.asText() : node));
            });
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
}
