package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.dev.WechatSimulator.Request;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * {@code GET /wxa/checksession} and {@code GET /wxa/resetusersessionkey}. A service proves with a
 * signature that it has the current session key.
 */
final class SimulatedSessionKeyCalls {
  private final SimulatedUsers users;
  private final SimulatedReplies replies;

  SimulatedSessionKeyCalls(SimulatedUsers users, SimulatedReplies replies) {
    this.users = users;
    this.replies = replies;
  }

  Answer check(String appid, Request request) {
    return replies.unless(refusal(appid, request), () -> Answer.json(Json.ok()));
  }

  Answer reset(String appid, Request request) {
    return replies.unless(
        refusal(appid, request), () -> replaceSessionKey(appid, request.first("openid")));
  }

  private Answer replaceSessionKey(String appid, String openid) {
    var sessionKey = users.replaceSessionKey(appid, openid);
    return Answer.json(Json.ok().put("openid", openid).put("session_key", sessionKey));
  }

  private OptionalLong refusal(String appid, Request request) {
    var openid = request.first("openid");
    var signature = request.first("signature");
    var sessionKey = users.sessionKey(appid, openid);
    return Rule.firstBroken(
        List.of(
            new Rule(openid.isEmpty() || signature.isEmpty(), 40097),
            new Rule(!request.first("sig_method").equals("hmac_sha256"), 40097),
            new Rule(sessionKey.isEmpty(), 40003),
            new Rule(!sessionKey.map(key -> sign(key).equals(signature)).orElse(false), 87009)));
  }

  /** Signs the empty body of a GET. The HMAC key is the base64 text, not the decoded bytes. */
  private static String sign(String sessionKey) {
    try {
      var hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(sessionKey.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(hmac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
