package io.minilogin.dev;

import io.minilogin.dev.SimulatedSignatures.Verdict;
import io.minilogin.dev.WechatSimulator.Request;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Calls for a user's data that are signed with the session key. The user and the signature are in
 * the query.
 */
final class SimulatedUserData {
  private final SimulatedUsers users;
  private final SimulatedSignatures signatures;
  private final Clock clock;
  private final SimulatedReplies replies;

  SimulatedUserData(
      SimulatedUsers users, SimulatedSignatures signatures, Clock clock, SimulatedReplies replies) {
    this.users = users;
    this.signatures = signatures;
    this.clock = clock;
    this.replies = replies;
  }

  /** Returns the calls by their paths. */
  Map<String, CallOfApp> calls() {
    return Map.of(
        "/wxa/set_user_storage", this::store,
        "/wxa/remove_user_storage", this::store,
        "/wxa/setuserinteractivedata", this::store,
        "/wxa/business/getuserencryptkey", this::encryptKey);
  }

  private Answer store(String appid, Request request) {
    return replies.toJson(
        request,
        body ->
            replies.unless(refusal(appid, request, request.body()), () -> Answer.json(Json.ok())));
  }

  /** The signature covers the empty text, because all parameters are in the query. */
  private Answer encryptKey(String appid, Request request) {
    return replies.unless(refusal(appid, request, ""), () -> keys(request.first("openid")));
  }

  private Answer keys(String openid) {
    var reply = Json.ok();
    reply
        .putArray("key_info_list")
        .addObject()
        .put("encrypt_key", SimulatedSignatures.sign("encrypt_key", openid).substring(0, 24))
        .put("iv", SimulatedSignatures.sign("iv", openid).substring(0, 16))
        .put("version", 1)
        .put("expire_in", 3600)
        .put("create_time", clock.instant().getEpochSecond());
    return Answer.json(reply);
  }

  private OptionalLong refusal(String appid, Request request, String data) {
    var openid = request.first("openid");
    var signature = request.first("signature");
    var verdict = signatures.verify(appid, openid, data, signature);
    return Rule.firstBroken(
        List.of(
            new Rule(openid.isEmpty() || signature.isEmpty(), 40097),
            new Rule(!request.first("sig_method").equals("hmac_sha256"), 40097),
            new Rule(!users.isUserOf(appid, openid), 40003),
            new Rule(verdict == Verdict.WRONG, 87009),
            new Rule(verdict != Verdict.VALID, 87007)));
  }
}
