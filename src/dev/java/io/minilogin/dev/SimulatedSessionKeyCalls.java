package io.minilogin.dev;

import io.minilogin.dev.SimulatedSignatures.Verdict;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.OptionalLong;

/**
 * {@code GET /wxa/checksession} and {@code GET /wxa/resetusersessionkey}. A service proves with a
 * signature that it has the current session key.
 */
final class SimulatedSessionKeyCalls {
  private final SimulatedUsers users;
  private final SimulatedSignatures signatures;
  private final SimulatedReplies replies;

  SimulatedSessionKeyCalls(
      SimulatedUsers users, SimulatedSignatures signatures, SimulatedReplies replies) {
    this.users = users;
    this.signatures = signatures;
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
    var verdict = signatures.verify(appid, openid, "", signature);
    return Rule.firstBroken(
        List.of(
            new Rule(openid.isEmpty() || signature.isEmpty(), 40097),
            new Rule(!request.first("sig_method").equals("hmac_sha256"), 40097),
            new Rule(verdict == Verdict.NO_KEY, 40003),
            new Rule(verdict != Verdict.VALID, 87009)));
  }
}
