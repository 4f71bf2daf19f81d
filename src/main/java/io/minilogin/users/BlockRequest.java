package io.minilogin.users;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.problem.RequiredField;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code PUT /users/{appid}/{openid}/block}. It is read as a tree, because an unknown
 * field is refused here: a misspelled {@code seconds} would block the user without end.
 *
 * @param time 1 s to ten years; empty for a block without end
 * @param reason a text for other clients, at most {@value #LONGEST_REASON} characters (Unicode code
 *     points)
 */
record BlockRequest(Optional<Duration> time, Optional<String> reason) {
  private static final Set<String> FIELDS = Set.of("seconds", "reason");
  private static final int LONGEST_SECONDS = 315_360_000;
  private static final int LONGEST_REASON = 200;

  /**
   * Reads the request. An empty body is a request without fields; a null field counts as absent.
   *
   * @throws IOException if the body is not JSON
   */
  static BlockRequest read(ObjectMapper mapper, byte[] body) throws IOException {
    if (body.length == 0) {
      return new BlockRequest(Optional.empty(), Optional.empty());
    }
    var json = mapper.readTree(body);
    if (!json.isObject()) {
      throw RequiredField.noObject();
    }
    for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
      if (!FIELDS.contains(names.next())) {
        throw RequiredField.invalid("The fields are \"seconds\" and \"reason\".");
      }
    }
    return new BlockRequest(
        field(json, "seconds").map(BlockRequest::time),
        field(json, "reason").map(BlockRequest::text));
  }

  private static Optional<JsonNode> field(JsonNode json, String name) {
    return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
  }

  private static Duration time(JsonNode seconds) {
    var isInRange =
        seconds.isIntegralNumber()
            && seconds.canConvertToInt()
            && seconds.intValue() >= 1
            && seconds.intValue() <= LONGEST_SECONDS;
    if (!isInRange) {
      throw RequiredField.invalid(
          "The field \"seconds\" is not an integer from 1 to " + LONGEST_SECONDS + ".");
    }
    return Duration.ofSeconds(seconds.intValue());
  }

  /** Returns the reason. Half a surrogate pair has no UTF-8 form, so it could not be returned. */
  private static String text(JsonNode reason) {
    if (!reason.isTextual()) {
      throw RequiredField.invalid("The field \"reason\" is not a string.");
    }
    var text = reason.textValue();
    if (text.codePointCount(0, text.length()) > LONGEST_REASON) {
      throw RequiredField.tooLong("reason", LONGEST_REASON);
    }
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw RequiredField.invalid("The field \"reason\" has invalid characters.");
    }
    return text;
  }

  @Override
  public String toString() {
    return "BlockRequest";
  }
}
