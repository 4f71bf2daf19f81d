package io.minilogin.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The API accepts each set of manifests. */
class ManifestsTest {
  private static final String ALL = "io.minilogin.k8s.Rendering#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void apiAcceptsEveryObject(Rendering rendering) {
    assertThat(rendering.manifests().objects())
        .isNotEmpty()
        .allSatisfy(object -> assertThat(ApiModel.errors(object)).isEmpty());
  }

  @Test
  void namespaceEnforcesTheRestrictedStandard() throws IOException {
    var namespace = Rendering.parse(Files.readString(Path.of("k8s", "namespace.yaml"))).get(0);
    assertThat(ApiModel.errors(namespace)).isEmpty();
    assertThat(namespace.at("/metadata/labels").path("pod-security.kubernetes.io/enforce").asText())
        .isEqualTo("restricted");
    assertThat(Rendering.PROD.manifests().objects())
        .extracting(object -> object.at("/metadata/namespace").asText())
        .containsOnly(Manifests.named(namespace), ""); // cluster-scoped objects have no namespace
  }

  /** Returns mistakes in each kind and at each depth. */
  static Stream<Breach> mistakes() {
    return Stream.of(
        Breach.of("Deployment mini-login", "/spec/template/spec/containers/0/readynessProbe", "{}"),
        Breach.of("Deployment mini-login", "/spec/template/spec/containers/0/name", ""),
        Breach.of("Deployment mini-login", "/spec/template/spec/containers", "{name: mini-login}"),
        Breach.of(
            "Deployment mini-login", "/spec/template/spec/securityContext/runAsNonroot", "true"),
        Breach.of(
            "Deployment mini-login", "/spec/template/spec/volumes/-", "{name: x, config: {}}"),
        Breach.of("Deployment mini-login", "/spec/selector", ""),
        Breach.of("Deployment mini-login", "/apiVersion", "apps/v1beta1"),
        Breach.of("StatefulSet redis", "/spec/volumeClaimTemplate", "[]"),
        Breach.of("Service mini-login", "/spec/ports/0/nodeport", "30080"),
        Breach.of("Ingress mini-login", "/spec/rules/0/http/paths/0/pathtype", "Exact"),
        Breach.of("Ingress mini-login", "/spec/rules/0/http/paths/0/pathType", ""),
        Breach.of("NetworkPolicy mini-login", "/spec/egress/0/to/0/ipblock", "{cidr: 0.0.0.0/0}"),
        Breach.of("PodDisruptionBudget mini-login", "/spec/maxAvailable", "1"),
        Breach.of("HorizontalPodAutoscaler mini-login", "/spec/behavior/scaleUp/policy", "[]"),
        Breach.of("HorizontalPodAutoscaler mini-login", "/spec/maxReplicas", ""),
        Breach.of("PriorityClass mini-login", "/priority", "1"),
        Breach.of("HTTPRoute mini-login", "/spec/rules/0/match", "[]"),
        Breach.of("HTTPRoute mini-login", "/spec/rules/0/timeouts/connect", "1s"),
        Breach.of("PodMonitor mini-login", "/spec/podMetricsEndpoints/0/intervall", "30s"),
        Breach.of("ExternalSecret mini-login", "/spec/data/0/remoteRef/name", "mini-login"),
        Breach.of("ExternalSecret mini-login", "/spec/secretStoreRef/name", ""));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void apiRejectsAMistake(Breach mistake) {
    var good = everything();
    var bad = mistake.in(good);
    assertThat(bad.objects().stream().flatMap(object -> ApiModel.errors(object).stream()))
        .hasSize(1);
  }

  /** The file that selects the components of production lists all other components. */
  @Test
  void prodOffersEachComponent() throws IOException {
    var prod = Files.readString(Path.of("k8s", "overlays", "prod", "kustomization.yaml"));
    var page = Files.readString(Path.of("docs", "kubernetes.md"));
    assertThat(Rendering.componentsBesideProd())
        .contains("redis", "jvm")
        .allSatisfy(name -> assertThat(prod).contains("# - ../../components/" + name))
        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }

  private static Manifests everything() {
    return Rendering.prodWith(Rendering.componentsBesideProd().toArray(String[]::new)).manifests();
  }
}
