package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLStreamException;

/**
 * The top-level fields of a JSON object or an XML document. WeChat spells the names of some fields
 * with blanks or in another case, so a name is compared without them. Fields that are objects,
 * lists or elements with elements count as blank. A byte order mark is ignored.
 */
final class PushMessage {
  /** The two formats of WeChat's messages, and their media types. */
  enum Format {
    JSON("application/json"),
    XML("text/xml;charset=utf-8");

    private final String mediaType;

    Format(String mediaType) {
      this.mediaType = mediaType;
    }

    String mediaType() {
      return mediaType;
    }
  }

  /**
   * Accepts raw control characters in strings, because users' texts may have them, and a comma
   * after the last field, which WeChat's examples have.
   */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          // An exception must not quote the message.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Format format;
  private final Map<String, String> fields = new HashMap<>();

  private PushMessage(Format format) {
    this.format = format;
  }

  /**
   * Reads a message. Empty if it is malformed, if it has a document type, or if it has a field
   * twice with different values: the backend might read the other value.
   */
  static Optional<PushMessage> read(byte[] bytes) {
    var decoded = new String(bytes, UTF_8);
    var text = (decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded).strip();
    var message = new PushMessage(text.startsWith("<") ? Format.XML : Format.JSON);
    try {
      var isValid =
          message.format == Format.XML
              ? XmlFields.read(text, message::put)
              : message.readJson(text);
      return isValid ? Optional.of(message) : Optional.empty();
    } catch (IOException | XMLStreamException e) {
      return Optional.empty();
    }
  }

  Format format() {
    return format;
  }

  /** Returns the value of a field, stripped, if the field is there and not blank. */
  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(normalized(name)))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private boolean readJson(String text) throws IOException {
    try (var parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        var value = parser.nextToken();
        var isText = value.isScalarValue() && value != JsonToken.VALUE_NULL;
        if (!put(name, isText ? parser.getText() : "")) {
          return false;
        }
        parser.skipChildren();
      }
      return parser.nextToken() == null;
    }
  }

  /** Returns false if the field already has another value. */
  private boolean put(String name, String value) {
    var before = fields.putIfAbsent(normalized(name), value);
    return before == null || before.equals(value);
  }

  private static String normalized(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "PushMessage";
  }
}
