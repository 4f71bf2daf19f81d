package io.minilogin.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Objects without the differences that kustomize and Helm may have:
 *
 * <ul>
 *   <li>Helm adds labels with the release and the version, and the release to selectors.
 *   <li>Helm gives settings as variables of the container. Kustomize has a ConfigMap whose name
 *       contains a hash, and Helm would delete the old one while pods of the old revision need it.
 *   <li>A hash of the files of Redis is a part of the ConfigMap's name in kustomize, and an
 *       annotation of the pod in Helm.
 *   <li>The value {@code jvm} of Helm selects the tag of the image.
 *   <li>A release always has a namespace.
 * </ul>
 */
final class ComparableObjects {
  private static final List<String> ADDED_BY_HELM =
      List.of(
          "app.kubernetes.io/instance",
          "app.kubernetes.io/managed-by",
          "app.kubernetes.io/version",
          "checksum/config",
          "helm.sh/chart");

  private ComparableObjects() {}

  /** Returns the value of each field by kind, name and path of the object. */
  static Map<String, String> fields(Manifests manifests) {
    var settings = manifests.settings();
    var fields = new TreeMap<String, String>();
    manifests.objects().stream()
        .filter(object -> !isSettings(object))
        .map(object -> comparable(object, settings))
        .forEach(
            object ->
                addFields(Manifests.kind(object) + " " + Manifests.named(object), object, fields));
    return fields;
  }

  private static void addFields(String path, JsonNode node, Map<String, String> fields) {
    if (node.isContainerNode() && !node.isEmpty()) {
      node.propertyStream()
          .forEach(field -> addFields(path + "/" + field.getKey(), field.getValue(), fields));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        addFields(path + "/" + i, node.get(i), fields);
      }
    } else if (fields.put(path, node.toString()) != null) {
      throw new AssertionError("two of " + path);
    }
  }

  private static boolean isSettings(JsonNode object) {
    return Manifests.kind(object).equals("ConfigMap")
        && Manifests.named(object).matches("mini-login-[a-z0-9]{10}");
  }

  private static JsonNode comparable(JsonNode object, Map<String, String> settings) {
    var copy = parse(object.toString().replaceAll("\"redis-[a-z0-9]{10}\"", "\"redis\""));
    ((ObjectNode) copy.path("metadata")).remove("namespace");
    removeAdded(copy);
    if (Manifests.kind(copy).equals("Deployment")) {
      var container = (ObjectNode) Manifests.containers(copy).findFirst().orElseThrow();
      container.remove("envFrom");
      container.putPOJO("env", settings);
      container.put("image", container.path("image").asText().replaceAll("-jvm$", ""));
    }
    return parse(copy.toString());
  }

  private static void removeAdded(JsonNode node) {
    node.forEach(ComparableObjects::removeAdded);
    if (node instanceof ObjectNode object) {
      object.remove(ADDED_BY_HELM);
      for (var field : List.of("annotations", "labels")) {
        if (object.path(field).isObject() && object.path(field).isEmpty()) {
          object.remove(field);
        }
      }
    }
  }

  private static JsonNode parse(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
