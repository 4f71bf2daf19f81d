package io.minilogin.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The objects that are applied together, as the API gets them. */
record Manifests(List<JsonNode> objects) {
  Stream<JsonNode> ofKind(String... kinds) {
    return objects.stream().filter(object -> List.of(kinds).contains(kind(object)));
  }

  /** Returns the only object of this kind and name. */
  JsonNode only(String kind, String name) {
    var found = ofKind(kind).filter(object -> named(object).equals(name)).toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " of " + kind + " " + name);
    }
    return found.get(0);
  }

  /** Returns the objects that run pods. */
  Stream<JsonNode> workloads() {
    return ofKind("Deployment", "StatefulSet");
  }

  /** Returns the settings of the service by the names of their variables. */
  Map<String, String> settings() {
    var container = containers(only("Deployment", "mini-login")).findFirst().orElseThrow();
    var settings = new TreeMap<String, String>();
    elements(container.path("envFrom"))
        .map(source -> only("ConfigMap", source.at("/configMapRef/name").asText()).path("data"))
        .flatMap(JsonNode::propertyStream)
        .forEach(setting -> settings.put(setting.getKey(), setting.getValue().asText()));
    elements(container.path("env"))
        .forEach(env -> settings.put(env.path("name").asText(), env.path("value").asText()));
    return settings;
  }

  static String kind(JsonNode object) {
    return object.path("kind").asText();
  }

  static String named(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  /** Returns the pod spec of a workload. */
  static JsonNode pod(JsonNode workload) {
    return workload.at("/spec/template/spec");
  }

  static JsonNode podLabels(JsonNode workload) {
    return workload.at("/spec/template/metadata/labels");
  }

  /** Returns all containers of a workload, init containers and ephemeral containers included. */
  static Stream<JsonNode> containers(JsonNode workload) {
    return Stream.of("initContainers", "containers", "ephemeralContainers")
        .flatMap(field -> elements(pod(workload).path(field)));
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return array.valueStream();
  }

  static List<String> texts(JsonNode array) {
    return elements(array).map(JsonNode::asText).toList();
  }

  /** Whether a selector of equalities matches the labels. An empty selector matches no labels. */
  static boolean selects(JsonNode selector, JsonNode labels) {
    return !selector.isEmpty()
        && selector.properties().stream()
            .allMatch(wanted -> wanted.getValue().equals(labels.path(wanted.getKey())));
  }
}
