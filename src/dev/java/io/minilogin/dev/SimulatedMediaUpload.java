package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Request;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** {@code POST /cgi-bin/media/upload}: a file that WeChat keeps for three days. */
final class SimulatedMediaUpload {
  private static final Set<String> TYPES = Set.of("image", "voice", "video", "thumb");
  private static final Pattern MULTIPART =
      Pattern.compile("(?i)multipart/form-data;.*?boundary=\"?([^\";]+)\"?.*");

  /** 48 bytes are 64 characters of base64. */
  private static final int BYTES = 48;

  private final Clock clock;
  private final SimulatedReplies replies;

  SimulatedMediaUpload(Clock clock, SimulatedReplies replies) {
    this.clock = clock;
    this.replies = replies;
  }

  Answer answer(String appid, Request request) {
    var type = request.first("type");
    var refusal =
        Rule.firstBroken(
            List.of(
                new Rule(!TYPES.contains(type), 40004), new Rule(!hasPartMedia(request), 41005)));
    return replies.unless(
        refusal,
        () ->
            Answer.json(
                Json.object()
                    .put("type", type)
                    .put("media_id", newId())
                    .put("created_at", clock.instant().getEpochSecond())));
  }

  private static boolean hasPartMedia(Request request) {
    var multipart =
        MULTIPART.matcher(request.headers().getOrDefault("content-type", List.of("")).get(0));
    return multipart.matches() && hasPartMedia(request.body(), "--" + multipart.group(1));
  }

  private static boolean hasPartMedia(String body, String delimiter) {
    var part =
        Pattern.compile(
            Pattern.quote(delimiter)
                + "\r\n(?:[^\r\n]+\r\n)*?(?i:content-disposition):[^\r\n]*[; ]name=\"?media\"?[;\r]");
    return part.matcher(body).find() && body.contains("\r\n" + delimiter + "--");
  }

  private static String newId() {
    var bytes = new byte[BYTES];
    ThreadLocalRandom.current().nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }
}
