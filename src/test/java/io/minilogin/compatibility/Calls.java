package io.minilogin.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.OpenApi;
import io.minilogin.OpenApi.Operation;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The calls in the OpenAPI document: one line for each call, parameter, body, response and header
 * of a response, and for each field of a schema.
 */
final class Calls {
  private final Set<String> lines = new TreeSet<>();

  private Calls() {}

  static Set<String> lines() {
    var calls = new Calls();
    OpenApi.operations().forEach(calls::add);
    return calls.lines;
  }

  private void add(Operation operation) {
    lines.add(operation.toString());
    for (var parameter : operation.parameters()) {
      var resolved = OpenApi.resolved(parameter);
      var place = resolved.path("in").asText() + " " + resolved.path("name").asText();
      lines.add(operation + ", " + place + necessity(resolved.path("required").asBoolean()));
    }
    addFields(operation + ", request", OpenApi.resolved(operation.content().path("requestBody")));
    for (var response : operation.content().path("responses").properties()) {
      addResponse(operation + ", response " + response.getKey(), response);
    }
  }

  private void addResponse(String place, Map.Entry<String, JsonNode> response) {
    lines.add(place);
    var resolved = OpenApi.resolved(response.getValue());
    resolved
        .path("headers")
        .fieldNames()
        .forEachRemaining(it -> lines.add(place + ", header " + it));
    addFields(place, resolved);
  }

  private void addFields(String place, JsonNode body) {
    for (var content : body.path("content").properties()) {
      var schema = content.getValue().path("schema");
      var named = schema.has("$ref") ? ": " + name(schema) : "";
      lines.add(place + ", " + content.getKey() + named);
      addFields(schema.has("$ref") ? name(schema) : place, "", schema);
    }
  }

  private static String name(JsonNode reference) {
    return reference.path("$ref").asText().replaceFirst(".*/", "schema ");
  }

  private void addFields(String place, String prefix, JsonNode schema) {
    var resolved = OpenApi.resolved(schema);
    var required = texts(resolved.path("required"));
    for (var field : resolved.path("properties").properties()) {
      var name = prefix + field.getKey();
      var type = type(OpenApi.resolved(field.getValue()));
      lines.add(place + ", " + name + ": " + type + necessity(required.contains(field.getKey())));
      addFields(place, name + ".", field.getValue());
    }
    addItems(place, prefix, resolved);
    for (var kind : Set.of("allOf", "oneOf", "anyOf")) {
      resolved.path(kind).forEach(part -> addFields(place, prefix, part));
    }
  }

  private void addItems(String place, String prefix, JsonNode schema) {
    if (schema.has("items")) {
      addFields(place, prefix + "[].", schema.path("items"));
    }
  }

  private static String type(JsonNode schema) {
    var type = schema.path("type");
    return type.isArray() ? String.join(" or ", texts(type)) : type.asText("any");
  }

  private static String necessity(boolean required) {
    return required ? ", always" : "";
  }

  private static Set<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
