package io.minilogin.k8s;

import static io.minilogin.k8s.Manifests.containers;
import static io.minilogin.k8s.Manifests.elements;
import static io.minilogin.k8s.Manifests.pod;
import static io.minilogin.k8s.Manifests.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The Pod Security Standard "restricted", with all that it has from "baseline".
 *
 * @see <a href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Pod Security
 *     Standards</a>
 */
enum PodSecurityRule implements Rule {
  // baseline

  HOST_PROCESS(
      settings("/windowsOptions/hostProcess", value -> !value.asBoolean()),
      "/securityContext/windowsOptions",
      "{hostProcess: true}"),
  HOST_NAMESPACES(
      workload ->
          Stream.of("hostNetwork", "hostPID", "hostIPC")
              .noneMatch(field -> pod(workload).path(field).asBoolean()),
      "/hostNetwork",
      "true"),
  PRIVILEGED_CONTAINERS(
      containers(container -> !container.at("/securityContext/privileged").asBoolean()),
      "/containers/0/securityContext/privileged",
      "true"),
  /** Restricted narrows what baseline says of capabilities. */
  CAPABILITIES(
      containers(
          container ->
              texts(container.at("/securityContext/capabilities/drop")).contains("ALL")
                  && List.of("NET_BIND_SERVICE")
                      .containsAll(texts(container.at("/securityContext/capabilities/add")))),
      "/containers/0/securityContext/capabilities/drop",
      "[NET_RAW]"),
  HOST_PATH_VOLUMES(
      workload -> elements(pod(workload).path("volumes")).noneMatch(v -> v.has("hostPath")),
      "/volumes/-",
      "{name: host, hostPath: {path: /etc}}"),
  HOST_PORTS(
      containers(c -> elements(c.path("ports")).noneMatch(port -> port.has("hostPort"))),
      "/containers/0/ports/0/hostPort",
      "8080"),
  HOST_PROBES_AND_LIFECYCLE_HOOKS(
      containers(
          container ->
              Stream.of("/livenessProbe", "/readinessProbe", "/startupProbe")
                  .flatMap(probe -> Stream.of(probe + "/httpGet/host", probe + "/tcpSocket/host"))
                  .allMatch(field -> container.at(field).asText().isEmpty())),
      "/containers/0/livenessProbe/httpGet/host",
      "10.0.0.1"),
  APPARMOR(
      settings(
          "/appArmorProfile/type",
          value -> Set.of("RuntimeDefault", "Localhost").contains(value.asText())),
      "/securityContext/appArmorProfile",
      "{type: Unconfined}"),
  SELINUX(
      settings("/seLinuxOptions", options -> !options.has("user") && !options.has("role")),
      "/securityContext/seLinuxOptions",
      "{user: root}"),
  PROC_MOUNT_TYPE(
      settings("/procMount", value -> value.asText().equals("Default")),
      "/containers/0/securityContext/procMount",
      "Unmasked"),
  SYSCTLS(
      workload -> pod(workload).at("/securityContext/sysctls").isEmpty(),
      "/securityContext/sysctls",
      "[{name: kernel.msgmax, value: '1'}]"),

  // restricted

  VOLUME_TYPES(
      workload ->
          elements(pod(workload).path("volumes"))
              .allMatch(
                  volume ->
                      Stream.of(
                              "configMap",
                              "csi",
                              "downwardAPI",
                              "emptyDir",
                              "ephemeral",
                              "image",
                              "persistentVolumeClaim",
                              "projected",
                              "secret")
                          .anyMatch(volume::has)),
      "/volumes/-",
      "{name: remote, nfs: {server: nfs, path: /}}"),
  PRIVILEGE_ESCALATION(
      containers(c -> c.at("/securityContext/allowPrivilegeEscalation").toString().equals("false")),
      "/containers/0/securityContext/allowPrivilegeEscalation",
      ""),
  RUNNING_AS_NON_ROOT(
      workload ->
          pod(workload).at("/securityContext/runAsNonRoot").asBoolean()
              && contexts(workload).allMatch(c -> c.path("runAsNonRoot").asBoolean(true)),
      "/containers/0/securityContext/runAsNonRoot",
      "false"),
  RUNNING_AS_NON_ROOT_USER(
      settings("/runAsUser", value -> value.asInt() != 0),
      "/containers/0/securityContext/runAsUser",
      "0"),
  SECCOMP(
      workload ->
          pod(workload).at("/securityContext/seccompProfile").has("type")
              && contexts(workload)
                  .map(context -> context.at("/seccompProfile/type"))
                  .allMatch(
                      type ->
                          type.isMissingNode()
                              || Set.of("RuntimeDefault", "Localhost").contains(type.asText())),
      "/securityContext/seccompProfile",
      "");

  private final Predicate<JsonNode> holds;
  private final Breach breach;

  /** With what breaks it in the pod of mini-login. */
  PodSecurityRule(Predicate<JsonNode> holds, String pointer, String yaml) {
    this.holds = holds;
    this.breach = Breach.of("Deployment mini-login", "/spec/template/spec" + pointer, yaml);
  }

  @Override
  public List<String> violations(Manifests manifests) {
    return manifests.workloads().filter(holds.negate()).map(Manifests::named).toList();
  }

  @Override
  public Breach breach() {
    return breach;
  }

  private static Predicate<JsonNode> containers(Predicate<JsonNode> holds) {
    return workload -> Manifests.containers(workload).allMatch(holds);
  }

  /** Wherever it is set in the security contexts of the pod and its containers. */
  private static Predicate<JsonNode> settings(String pointer, Predicate<JsonNode> holds) {
    return workload ->
        contexts(workload)
            .map(context -> context.at(pointer))
            .allMatch(value -> value.isMissingNode() || holds.test(value));
  }

  private static Stream<JsonNode> contexts(JsonNode workload) {
    Function<JsonNode, JsonNode> context = holder -> holder.path("securityContext");
    return Stream.concat(Stream.of(pod(workload)), Manifests.containers(workload)).map(context);
  }
}
