package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.Map;

/**
 * Answers all calls without an implementation with the request as it arrived, so that a backend
 * sees what was passed on. The words of the parameter {@code simulate} say how to send the answer.
 */
final class SimulatedEcho {
  private static final Map<String, String> SIGNATURE = Map.of("Wechatmp-Signature", "simulated");
  private static final int LONGEST_BODY = 4096;

  Answer answer(String appid, Request request) {
    // With a colon, because many clients encode an equals sign there.
    var words = SimulatedCode.ofWords(request.first("simulate").replace(':', '='));
    return Answer.json(echo(request)).with(SIGNATURE).sentAs(words);
  }

  private static ObjectNode echo(Request request) {
    var reply =
        Json.ok()
            .put("method", request.method())
            .put("path", request.path())
            .put("query", request.rawQuery());
    var headers = reply.putObject("headers");
    request
        .headers()
        .forEach((name, values) -> values.forEach(headers.withArrayProperty(name)::add));
    reply.put("length", request.length()).put("sha256", request.sha256());
    if (request.length() <= LONGEST_BODY && isText(request)) {
      reply.put("body", request.body());
    }
    return reply;
  }

  /** Tells whether the bytes are valid UTF-8: other bytes change when they are decoded. */
  private static boolean isText(Request request) {
    return Sha256.hex(request.body().getBytes(UTF_8)).equals(request.sha256());
  }
}
