package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.elements;
import static io.minilogin.k8s.Manifests.named;
import static io.minilogin.k8s.Manifests.pod;
import static io.minilogin.k8s.Manifests.podLabels;
import static io.minilogin.k8s.Manifests.selects;
import static io.minilogin.k8s.Manifests.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What kube-score calls critical, by its ids. Our workloads switch two of them off by its
 * annotation: {@code container-image-pull-policy}, and {@code container-resources} for its limit of
 * CPU, so what else that one asks for is checked here.
 *
 * @see <a href="https://github.com/zegl/kube-score/blob/master/README_CHECKS.md">its checks</a>
 */
enum KubeScoreRule implements Rule {
  CONTAINER_IMAGE_TAG(
      containers(c -> c.path("image").asText().matches(".+:(?!latest$)[^:/]+")),
      container("/image", "mini-login:latest")),
  CONTAINER_RESOURCES(
      containers(
          c ->
              Stream.of("/requests/cpu", "/requests/memory", "/limits/memory")
                  .allMatch(field -> c.at("/resources" + field).isTextual())),
      container("/resources/limits/memory", "")),
  CONTAINER_EPHEMERAL_STORAGE_REQUEST_AND_LIMIT(
      containers(
          c ->
              Stream.of("requests", "limits")
                  .allMatch(field -> c.at("/resources/" + field).has("ephemeral-storage"))),
      container("/resources/requests/ephemeral-storage", "")),
  CONTAINER_SECURITY_CONTEXT_READONLYROOTFILESYSTEM(
      containers(c -> c.at("/securityContext/readOnlyRootFilesystem").asBoolean()),
      container("/securityContext/readOnlyRootFilesystem", "false")),
  CONTAINER_SECURITY_CONTEXT_PRIVILEGED(
      containers(c -> !c.at("/securityContext/privileged").asBoolean()),
      container("/securityContext/privileged", "true")),
  CONTAINER_SECURITY_CONTEXT_USER_GROUP_ID(
      eachWorkload(
          workload ->
              Stream.of("runAsUser", "runAsGroup")
                  .allMatch(id -> pod(workload).at("/securityContext/" + id).asInt() >= 10_000)),
      deployment("/spec/template/spec/securityContext/runAsUser", "1001")),
  CONTAINER_SECCOMP_PROFILE(
      eachWorkload(workload -> pod(workload).at("/securityContext/seccompProfile").has("type")),
      deployment("/spec/template/spec/securityContext/seccompProfile", "")),
  CONTAINER_PORTS_CHECK(
      containers(
          c -> {
            var ports = elements(c.path("ports")).toList();
            var names = ports.stream().map(port -> port.path("name").asText()).toList();
            return Set.copyOf(names).size() == names.size()
                && names.stream().allMatch(name -> name.matches("[a-z0-9-]{1,15}"))
                && ports.stream().allMatch(port -> port.path("containerPort").isInt());
          }),
      container("/ports/0/name", "management")),
  ENVIRONMENT_VARIABLE_KEY_DUPLICATION(
      containers(
          c -> {
            var names = elements(c.path("env")).map(v -> v.path("name").asText()).toList();
            return Set.copyOf(names).size() == names.size();
          }),
      container("/env", "[{name: A, value: b}, {name: A, value: c}]")),
  POD_PROBES(
      containers(
          c -> !probe(c, "readinessProbe").isEmpty() && !probe(c, "livenessProbe").isEmpty()),
      container("/livenessProbe", "")),
  POD_PROBES_IDENTICAL(
      containers(c -> !probe(c, "readinessProbe").equals(probe(c, "livenessProbe"))),
      container("/readinessProbe/httpGet/path", "/q/health/live")),
  POD_NETWORKPOLICY(
      eachWorkload(
          (manifests, workload) ->
              Stream.of("Ingress", "Egress")
                  .allMatch(
                      direction ->
                          manifests
                              .ofKind("NetworkPolicy")
                              .filter(p -> texts(p.at("/spec/policyTypes")).contains(direction))
                              .anyMatch(policy -> takesIn(policy, workload)))),
      Breach.without("NetworkPolicy mini-login")),
  NETWORKPOLICY_TARGETS_POD(
      each(
          "NetworkPolicy",
          (manifests, policy) -> manifests.workloads().anyMatch(w -> takesIn(policy, w))),
      Breach.of("NetworkPolicy redis", "/spec/podSelector/matchLabels", "{a: b}")),
  DEPLOYMENT_HAS_PODDISRUPTIONBUDGET(
      each(
          "Deployment",
          (manifests, deployment) ->
              manifests
                  .ofKind("PodDisruptionBudget")
                  .anyMatch(
                      b -> selects(b.at("/spec/selector/matchLabels"), podLabels(deployment)))),
      Breach.without("PodDisruptionBudget mini-login")),
  STATEFULSET_HAS_PODDISRUPTIONBUDGET(
      each(
          "StatefulSet",
          (manifests, set) ->
              // It leaves out sets of one.
              set.at("/spec/replicas").asInt(1) < 2
                  || manifests
                      .ofKind("PodDisruptionBudget")
                      .anyMatch(b -> selects(b.at("/spec/selector/matchLabels"), podLabels(set)))),
      Breach.of("StatefulSet redis", "/spec/replicas", "2")),
  PODDISRUPTIONBUDGET_HAS_POLICY(
      each(
          "PodDisruptionBudget",
          (manifests, b) ->
              b.path("spec").has("minAvailable") || b.path("spec").has("maxUnavailable")),
      Breach.of("PodDisruptionBudget mini-login", "/spec/maxUnavailable", "")),
  DEPLOYMENT_TARGETED_BY_HPA_DOES_NOT_HAVE_REPLICAS_CONFIGURED(
      each(
          "HorizontalPodAutoscaler",
          (manifests, hpa) -> !target(manifests, hpa).path("spec").has("replicas")),
      deployment("/spec/replicas", "3")),
  HORIZONTALPODAUTOSCALER_HAS_TARGET(
      each("HorizontalPodAutoscaler", (manifests, hpa) -> !target(manifests, hpa).isMissingNode()),
      Breach.of("HorizontalPodAutoscaler mini-login", "/spec/scaleTargetRef/name", "minilogin")),
  HORIZONTALPODAUTOSCALER_REPLICAS(
      each("HorizontalPodAutoscaler", (manifests, hpa) -> hpa.at("/spec/minReplicas").asInt() > 1),
      Breach.of("HorizontalPodAutoscaler mini-login", "/spec/minReplicas", "1")),
  DEPLOYMENT_STRATEGY(
      each(
          "Deployment",
          (manifests, d) -> d.at("/spec/strategy/type").asText().equals("RollingUpdate")),
      deployment("/spec/strategy", "{type: Recreate}")),
  DEPLOYMENT_POD_SELECTOR_LABELS_MATCH_TEMPLATE_METADATA_LABELS(
      each(
          "Deployment",
          (manifests, d) -> selects(d.at("/spec/selector/matchLabels"), podLabels(d))),
      deployment("/spec/selector/matchLabels", "{app: mini-login}")),
  STATEFULSET_POD_SELECTOR_LABELS_MATCH_TEMPLATE_METADATA_LABELS(
      each(
          "StatefulSet",
          (manifests, s) -> selects(s.at("/spec/selector/matchLabels"), podLabels(s))),
      Breach.of("StatefulSet redis", "/spec/selector/matchLabels", "{app: redis}")),
  STATEFULSET_HAS_SERVICENAME(
      each(
          "StatefulSet",
          (manifests, set) ->
              manifests
                  .ofKind("Service")
                  .filter(service -> named(service).equals(set.at("/spec/serviceName").asText()))
                  .filter(service -> service.at("/spec/clusterIP").asText().equals("None"))
                  .anyMatch(service -> selects(service.at("/spec/selector"), podLabels(set)))),
      Breach.of("Service redis-headless", "/spec/clusterIP", "")),
  SERVICE_TARGETS_POD(
      each(
          "Service",
          (manifests, service) ->
              manifests
                  .workloads()
                  .anyMatch(w -> selects(service.at("/spec/selector"), podLabels(w)))),
      Breach.of("Service mini-login", "/spec/selector", "{app: mini-login}")),
  INGRESS_TARGETS_SERVICE(
      each(
          "Ingress",
          (manifests, ingress) ->
              ingress.findValues("service").stream()
                  .allMatch(
                      backend ->
                          manifests
                              .ofKind("Service")
                              .filter(s -> named(s).equals(backend.path("name").asText()))
                              .anyMatch(s -> hasPort(s, backend.at("/port/name").asText())))),
      Breach.of(
          "Ingress mini-login", "/spec/rules/0/http/paths/0/backend/service/port/name", "web")),
  LABEL_VALUES(
      each(
          Set.of(),
          (manifests, object) ->
              object
                  .at("/metadata/labels")
                  .valueStream()
                  .allMatch(
                      v -> v.asText().matches("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"))),
      deployment("/metadata/labels/purpose", "logins and checks")),
  STABLE_VERSION(
      each(
          Set.of(),
          (manifests, object) -> object.path("apiVersion").asText().matches("(.*/)?v[0-9]+")),
      Breach.of("PodDisruptionBudget mini-login", "/apiVersion", "policy/v1beta1"));

  private final BiPredicate<Manifests, JsonNode> holds;
  private final Set<String> kinds;
  private final Breach breach;

  KubeScoreRule(OfKinds rule, Breach breach) {
    this.kinds = rule.kinds;
    this.holds = rule.holds;
    this.breach = breach;
  }

  @Override
  public List<String> violations(Manifests manifests) {
    return manifests.objects().stream()
        .filter(object -> kinds.isEmpty() || kinds.contains(Manifests.kind(object)))
        .filter(object -> !holds.test(manifests, object))
        .map(object -> Manifests.kind(object) + " " + named(object))
        .toList();
  }

  @Override
  public Breach breach() {
    return breach;
  }

  /** What holds for each object of these kinds; of any kind when there are none. */
  private record OfKinds(Set<String> kinds, BiPredicate<Manifests, JsonNode> holds) {}

  private static OfKinds each(Set<String> kinds, BiPredicate<Manifests, JsonNode> holds) {
    return new OfKinds(kinds, holds);
  }

  private static OfKinds each(String kind, BiPredicate<Manifests, JsonNode> holds) {
    return each(Set.of(kind), holds);
  }

  private static OfKinds eachWorkload(BiPredicate<Manifests, JsonNode> holds) {
    return each(Set.of("Deployment", "StatefulSet"), holds);
  }

  private static OfKinds eachWorkload(Predicate<JsonNode> holds) {
    return eachWorkload((manifests, workload) -> holds.test(workload));
  }

  private static OfKinds containers(Predicate<JsonNode> holds) {
    return eachWorkload(workload -> Manifests.containers(workload).allMatch(holds));
  }

  private static Breach deployment(String pointer, String yaml) {
    return Breach.of("Deployment mini-login", pointer, yaml);
  }

  private static Breach container(String pointer, String yaml) {
    return deployment("/spec/template/spec/containers/0" + pointer, yaml);
  }

  /** What it asks, without how often. */
  private static JsonNode probe(JsonNode container, String name) {
    var probe = container.path(name);
    return Stream.of("httpGet", "tcpSocket", "exec", "grpc")
        .map(probe::path)
        .filter(asked -> !asked.isEmpty())
        .findFirst()
        .orElse(probe.path("httpGet"));
  }

  private static boolean takesIn(JsonNode policy, JsonNode workload) {
    return selects(policy.at("/spec/podSelector/matchLabels"), podLabels(workload));
  }

  private static JsonNode target(Manifests manifests, JsonNode hpa) {
    var reference = hpa.at("/spec/scaleTargetRef");
    return manifests
        .ofKind(Manifests.kind(reference))
        .filter(object -> named(object).equals(reference.path("name").asText()))
        .findFirst()
        .orElse(reference.path("missing"));
  }

  private static boolean hasPort(JsonNode service, String port) {
    return elements(service.at("/spec/ports")).anyMatch(p -> p.path("name").asText().equals(port));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
