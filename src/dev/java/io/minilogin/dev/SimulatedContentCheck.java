package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;

/** {@code POST /wxa/msg_sec_check}: whether a text of a user may be shown to others. */
final class SimulatedContentCheck {
  private static final String RISKY = "risky";

  private final SimulatedReplies replies;

  SimulatedContentCheck(SimulatedReplies replies) {
    this.replies = replies;
  }

  Answer answer(String appid, Request request) {
    return replies.toJson(
        request,
        body ->
            Json.text(body, "openid").isEmpty()
                ? replies.error(40003, SimulatedCode.SILENT)
                : Answer.json(verdict(Json.text(body, "content").contains(RISKY))));
  }

  private ObjectNode verdict(boolean isRisky) {
    var reply = Json.ok();
    reply.putArray("detail");
    reply.put("trace_id", replies.newRid());
    reply
        .putObject("result")
        .put("suggest", isRisky ? RISKY : "pass")
        .put("label", isRisky ? 20001 : 100);
    return reply;
  }
}
