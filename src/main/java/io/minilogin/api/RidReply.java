package io.minilogin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What WeChat has recorded of a call, by its request id: with it come URL and bodies, and in those
 * whatever secrets, tokens and session keys there were.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/openApi-mgnt/getRidInfo.html">getRidInfo</a>
 */
final class RidReply {
  private static final String PATH = "/cgi-bin/openapi/rid/get";

  /** As a parameter, or as a member of JSON that may be a text in JSON itself. */
  private static final Pattern SECRET =
      Pattern.compile(
          "((?:\\w*(?:token|secret|session_?key|ticket)|js_code)(?:=|\\\\*\"\\s*:\\s*\\\\*\"))"
              + "(?:[^&\"\\\\\\s]|\\\\+[/u])+",
          Pattern.CASE_INSENSITIVE);

  private RidReply() {}

  static boolean isOf(String path) {
    return path.toLowerCase(Locale.ROOT).equals(PATH);
  }

  /** The same without secrets. */
  static Buffer withoutSecrets(Buffer reply) {
    return Buffer.buffer(SECRET.matcher(reply.toString(UTF_8)).replaceAll("$1***"));
  }
}
