package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code POST /cgi-bin/message/subscribe/send}: sends a message to a user who has subscribed to it.
 */
final class SimulatedSubscribeMessages {
  /** The ids of messages need more than 53 bits, so that a client that uses doubles fails. */
  private final AtomicLong latest = new AtomicLong(2_600_000_000_000_000_000L);

  private final SimulatedReplies replies;

  SimulatedSubscribeMessages(SimulatedReplies replies) {
    this.replies = replies;
  }

  Answer send(String appid, Request request) {
    return replies.toJson(request, this::send);
  }

  private Answer send(ObjectNode body) {
    var refusal =
        Rule.firstBroken(
            List.of(
                new Rule(Json.text(body, "touser").isEmpty(), 40003),
                new Rule(Json.text(body, "template_id").isEmpty(), 40037)));
    return replies.unless(
        refusal, () -> Answer.json(Json.ok().put("msgid", latest.incrementAndGet())));
  }
}
