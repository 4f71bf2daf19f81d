package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * An answer of the simulated WeChat. {@link ReplyWriter} decides how to send it.
 *
 * @param headers besides the content type
 * @param code its words say how to send the answer
 */
record Answer(
    int status, String contentType, Map<String, String> headers, Buffer body, SimulatedCode code) {
  private Answer(int status, String contentType, Buffer body, SimulatedCode code) {
    this(status, contentType, Map.of(), body, code);
  }

  /** Returns an answer like those of code2Session: no charset, although the JSON is in UTF-8. */
  static Answer plainText(String json, SimulatedCode code) {
    return new Answer(200, "text/plain", Buffer.buffer(json), code);
  }

  /** Returns an answer like those of WeChat's other calls. */
  static Answer json(String json, SimulatedCode code) {
    return new Answer(200, "application/json", Buffer.buffer(json), code);
  }

  static Answer json(ObjectNode json) {
    return json(json.toString(), SimulatedCode.SILENT);
  }

  static Answer bytes(String contentType, Buffer bytes) {
    return new Answer(200, contentType, bytes, SimulatedCode.SILENT);
  }

  /** Returns a line of text for a developer; WeChat has no such answers. */
  static Answer line(int status, String text) {
    return new Answer(
        status, "text/plain;charset=utf-8", Buffer.buffer(text + "\n"), SimulatedCode.SILENT);
  }

  static Answer empty(int status) {
    return new Answer(status, "text/plain", Buffer.buffer(), SimulatedCode.SILENT);
  }

  /** Returns the same answer, sent as these words say. */
  Answer sentAs(SimulatedCode words) {
    return new Answer(status, contentType, headers, body, code.overriddenBy(words));
  }

  /** Returns the same answer with only these headers. */
  Answer with(Map<String, String> headers) {
    return new Answer(status, contentType, headers, body, code);
  }
}
