package io.minilogin.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.minilogin.app.PaymentKeys;
import io.minilogin.app.Secret;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fields at the top level of a JSON object that decide how the object is signed. The object
 * itself is signed byte for byte, so it is only read here and never written.
 */
public final class JsonToSign {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES).build();

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final List<Optional<String>> openids = new ArrayList<>();
  private final List<String> envs = new ArrayList<>();

  private JsonToSign() {}

  /**
   * Reads the object. Empty if the bytes are not one JSON object. A byte order mark, and bytes in
   * strings that are not UTF-8, are tolerated: WeChat decides about them.
   */
  public static Optional<JsonToSign> parse(byte[] bytes) {
    var text = new String(bytes, UTF_8);
    var begin = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    try (var parser = JSON.createParser(text.substring(begin))) {
      var read = new JsonToSign();
      return read.isObject(parser) ? Optional.of(read) : Optional.empty();
    } catch (IOException e) {
      // Not JSON.
      return Optional.empty();
    }
  }

  private boolean isObject(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      var value = parser.nextToken();
      if (name.equals("openid")) {
        openids.add(
            value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty());
      } else if (name.equals("env")) {
        envs.add(value == JsonToken.VALUE_NUMBER_INT ? parser.getText() : "");
      }
      parser.skipChildren();
    }
    return parser.nextToken() == null;
  }

  /** Returns {@code openid}. Empty if it is absent, repeated or not a string. */
  public Optional<String> openid() {
    return openids.size() == 1 ? openids.get(0) : Optional.empty();
  }

  /** Whether {@code env} is absent, 0 or 1. */
  boolean hasKnownEnv() {
    return envs.isEmpty() || isEnv("0") || isEnv("1");
  }

  /**
   * Returns the payment key for {@code env}: the live key for 0 and without {@code env}, the
   * sandbox key for 1. Empty for another or a repeated {@code env}, or if the key is not
   * configured.
   */
  public Optional<Secret> keyOf(PaymentKeys keys) {
    if (envs.isEmpty() || isEnv("0")) {
      return keys.live();
    }
    return isEnv("1") ? keys.sandbox() : Optional.empty();
  }

  private boolean isEnv(String number) {
    return envs.equals(List.of(number));
  }
}
