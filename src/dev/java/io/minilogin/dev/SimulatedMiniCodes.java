package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;

/** {@code POST /wxa/getwxacodeunlimit}: returns a picture to scan, or JSON for a failure. */
final class SimulatedMiniCodes {
  private static final int LONGEST_SCENE = 32;

  /** A cross of 8 by 8 pixels; no client can scan it. */
  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAAFUlEQVR42mNoZHBiUGGQAEIVIKsRABAAAf8o"
                  + "dgngAAAAAElFTkSuQmCC");

  private final SimulatedReplies replies;

  SimulatedMiniCodes(SimulatedReplies replies) {
    this.replies = replies;
  }

  Answer answer(String appid, Request request) {
    return replies.toJson(request, this::answer);
  }

  private Answer answer(ObjectNode body) {
    var scene = Json.text(body, "scene");
    return scene.isEmpty() || scene.length() > LONGEST_SCENE
        ? replies.error(40097, SimulatedCode.SILENT)
        : Answer.bytes("image/png", Buffer.buffer(PNG));
  }
}
