package io.minilogin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The OpenAPI document, for tests that compare it with the service.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a>
 */
public final class OpenApi {
  public static final String RESOURCE = "META-INF/openapi.yaml";

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);

  /** One method of one path, with the parameters of the path. */
  public record Operation(String method, String path, JsonNode content, List<JsonNode> parameters) {
    /** Returns the response for the status. */
    public JsonNode response(int status) {
      var responses = content.path("responses");
      return resolved(responses.path(responses.has("" + status) ? "" + status : "default"));
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private static final JsonNode DOCUMENT = read();

  private OpenApi() {}

  public static JsonNode document() {
    return DOCUMENT;
  }

  public static List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(field -> METHODS.contains(field.getKey()))
                    .forEach(
                        field ->
                            operations.add(
                                new Operation(
                                    field.getKey().toUpperCase(Locale.ROOT),
                                    path.getKey(),
                                    field.getValue(),
                                    parameters(path.getValue(), field.getValue())))));
    return operations;
  }

  /** Resolves a reference, to a missing node if it is broken; returns other nodes unchanged. */
  public static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** Returns the violations of the schema; empty if the value is valid. */
  public static Set<ValidationMessage> errors(JsonNode schema, JsonNode value) {
    // References point to the components of the document, so the schema needs them.
    var root = JsonNodeFactory.instance.objectNode();
    root.set("$defs", DOCUMENT.at("/components/schemas"));
    root.putArray("allOf").add(schema);
    var complete = root.toString().replace("#/components/schemas/", "#/$defs/");
    return SCHEMAS
        .getSchema(complete)
        .validate(value, context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
  }

  /** Visits all objects of the document with their places. */
  public static void forEachObject(BiConsumer<String, JsonNode> visitor) {
    visit("", DOCUMENT, visitor);
  }

  private static void visit(String place, JsonNode node, BiConsumer<String, JsonNode> visitor) {
    if (node.isObject()) {
      visitor.accept(place, node);
      node.properties().forEach(e -> visit(place + "/" + e.getKey(), e.getValue(), visitor));
    } else {
      for (int i = 0; i < node.size(); i++) {
        visit(place + "/" + i, node.get(i), visitor);
      }
    }
  }

  private static List<JsonNode> parameters(JsonNode path, JsonNode operation) {
    var parameters = new ArrayList<JsonNode>();
    path.path("parameters").forEach(parameters::add);
    operation.path("parameters").forEach(parameters::add);
    return parameters;
  }

  private static JsonNode read() {
    try (var file = OpenApi.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      return new YAMLMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
