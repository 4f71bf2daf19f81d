package io.minilogin.k8s;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;

/**
 * One change that makes valid manifests invalid.
 *
 * @param object the kind and the name
 * @param pointer the place, as a JSON pointer; its parents exist
 * @param yaml the new value; empty to remove the field. A pointer that ends in {@code -} appends
 *     the value to an array
 */
record Breach(String object, String pointer, String yaml) {
  static Breach of(String object, String pointer, String yaml) {
    return new Breach(object, pointer, yaml);
  }

  Manifests in(Manifests good) {
    var objects = new ArrayList<JsonNode>();
    for (var object : good.objects()) {
      objects.add(object.deepCopy());
    }
    var position =
        objects.stream()
            .map(one -> Manifests.kind(one) + " " + Manifests.named(one))
            .toList()
            .indexOf(object);
    change(objects.get(position));
    return new Manifests(objects);
  }

  private void change(JsonNode root) {
    var at = JsonPointer.compile(pointer);
    var parent = root.at(at.head());
    var last = at.last();
    if (parent instanceof ArrayNode array) {
      array.add(value());
    } else if (yaml.isEmpty()) {
      ((ObjectNode) parent).remove(last.getMatchingProperty());
    } else {
      ((ObjectNode) parent).set(last.getMatchingProperty(), value());
    }
  }

  private JsonNode value() {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(yaml, e);
    }
  }

  @Override
  public String toString() {
    return object + pointer + (yaml.isEmpty() ? " removed" : " = " + yaml);
  }
}
