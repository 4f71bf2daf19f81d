package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.elements;
import static io.minilogin.k8s.Manifests.named;
import static io.minilogin.k8s.Manifests.pod;
import static io.minilogin.k8s.Manifests.podLabels;
import static io.minilogin.k8s.Manifests.selects;
import static io.minilogin.k8s.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods fulfil the Pod Security Standard "restricted", and the service keeps running while nodes are
 * drained and pods are replaced.
 */
class HardeningTest {
  private static final String ALL = "io.minilogin.k8s.Rendering#all";
  private static final String PRODUCTION = "io.minilogin.k8s.Rendering#production";

  @ParameterizedTest
  @MethodSource(ALL)
  void podsRunAsAnUnprivilegedUser(Rendering rendering) {
    assertThat(rendering.manifests().workloads())
        .isNotEmpty()
        .allSatisfy(
            workload -> {
              var context = pod(workload).path("securityContext");
              assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
              assertThat(context.path("runAsUser").asInt()).isGreaterThanOrEqualTo(10_000);
              assertThat(context.path("runAsGroup").asInt()).isGreaterThanOrEqualTo(10_000);
              assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
              assertThat(context.path("sysctls")).isEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void containersCannotEscalatePrivileges(Rendering rendering) {
    assertThat(containersOf(rendering))
        .isNotEmpty()
        .allSatisfy(
            container -> {
              var context = container.path("securityContext");
              assertThat(context.path("allowPrivilegeEscalation").asText()).isEqualTo("false");
              assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
              assertThat(context.path("privileged").asBoolean()).isFalse();
              assertThat(texts(context.at("/capabilities/drop"))).containsExactly("ALL");
              assertThat(context.at("/capabilities/add")).isEmpty();
              // These fields of a container would override those of the pod.
              assertThat(List.of("runAsUser", "runAsGroup", "runAsNonRoot", "seccompProfile"))
                  .noneMatch(context::has);
            });
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void podsShareNothingWithTheNode(Rendering rendering) {
    assertThat(rendering.manifests().workloads().map(Manifests::pod))
        .allSatisfy(
            pod -> {
              assertThat(List.of("hostNetwork", "hostPID", "hostIPC"))
                  .noneMatch(field -> pod.path(field).asBoolean());
              assertThat(elements(pod.path("volumes"))).noneMatch(v -> v.has("hostPath"));
            });
    assertThat(containersOf(rendering).flatMap(c -> elements(c.path("ports"))))
        .noneMatch(port -> port.has("hostPort"));
  }

  @ParameterizedTest
  @MethodSource(PRODUCTION)
  void containersHaveResourcesAndProbes(Rendering rendering) {
    assertThat(containersOf(rendering))
        .allSatisfy(
            container -> {
              assertThat(container.path("image").asText()).matches(".+:(?!latest$)[^:/]+");
              assertThat(
                      Stream.of("requests/cpu", "requests/memory", "limits/memory")
                          .map(field -> container.at("/resources/" + field)))
                  .allMatch(JsonNode::isTextual);
              assertThat(container.at("/startupProbe")).isNotEmpty();
              assertThat(container.at("/livenessProbe")).isNotEmpty();
              assertThat(container.at("/readinessProbe")).isNotEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource(PRODUCTION)
  void networkPoliciesCoverEveryPod(Rendering rendering) {
    assertThat(rendering.manifests().workloads())
        .allSatisfy(
            workload ->
                assertThat(
                        selecting(rendering, "NetworkPolicy", "/spec/podSelector", workload)
                            .flatMap(policy -> texts(policy.at("/spec/policyTypes")).stream()))
                    .contains("Ingress", "Egress"));
  }

  @ParameterizedTest
  @MethodSource(PRODUCTION)
  void drainingNodesLeavesAtLeastOnePod(Rendering rendering) {
    var manifests = rendering.manifests();
    assertThat(manifests.ofKind("Deployment"))
        .allSatisfy(
            deployment -> {
              assertThat(selecting(rendering, "PodDisruptionBudget", "/spec/selector", deployment))
                  .singleElement()
                  .satisfies(b -> assertThat(b.at("/spec/maxUnavailable").asInt()).isEqualTo(1));
              assertThat(manifests.ofKind("HorizontalPodAutoscaler"))
                  .filteredOn(
                      hpa -> hpa.at("/spec/scaleTargetRef/name").asText().equals(named(deployment)))
                  .singleElement()
                  .satisfies(
                      hpa -> assertThat(hpa.at("/spec/minReplicas").asInt()).isGreaterThan(1));
              // The autoscaler sets the number of replicas.
              assertThat(deployment.at("/spec").has("replicas")).isFalse();
            });
  }

  @Test
  void baseHasTwoPods() {
    var deployment = Rendering.BASE.manifests().only("Deployment", "mini-login");
    assertThat(deployment.at("/spec/replicas").asInt()).isGreaterThan(1);
  }

  @ParameterizedTest
  @MethodSource(PRODUCTION)
  void servicesSelectPods(Rendering rendering) {
    assertThat(rendering.manifests().ofKind("Service"))
        .allSatisfy(
            service ->
                assertThat(rendering.manifests().workloads())
                    .anyMatch(w -> selects(service.at("/spec/selector"), podLabels(w))));
  }

  private static Stream<JsonNode> containersOf(Rendering rendering) {
    return rendering.manifests().workloads().flatMap(Manifests::containers);
  }

  /** Returns the objects of a kind whose selector matches the pods of the workload. */
  private static Stream<JsonNode> selecting(
      Rendering rendering, String kind, String selector, JsonNode workload) {
    return rendering
        .manifests()
        .ofKind(kind)
        .filter(object -> selects(object.at(selector + "/matchLabels"), podLabels(workload)));
  }
}
