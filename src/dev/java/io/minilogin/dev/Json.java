package io.minilogin.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Builds and reads JSON objects; properties keep their order. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Returns an object with the properties that every reply of WeChat for a user starts with. */
  static ObjectNode ok() {
    return object().put("errcode", 0).put("errmsg", "ok");
  }

  /** Parses a JSON object; empty if the text is anything else. */
  static Optional<ObjectNode> parse(String text) {
    try {
      return MAPPER.readTree(text) instanceof ObjectNode object
          ? Optional.of(object)
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Returns a property; empty if it is missing or not a text. */
  static String text(JsonNode object, String property) {
    return object.path(property).isTextual() ? object.path(property).textValue() : "";
  }
}
