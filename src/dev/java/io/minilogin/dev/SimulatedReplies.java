package io.minilogin.dev;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** The JSON of WeChat's replies, in its usual shape and in the others that have been seen. */
final class SimulatedReplies {
  private static final Map<Long, String> MESSAGES =
      Map.ofEntries(
          entry(-1L, "system error"),
          entry(40002L, "invalid grant_type"),
          entry(40013L, "invalid appid"),
          entry(40029L, "invalid code"),
          entry(40125L, "invalid appsecret"),
          entry(40163L, "code been used"),
          entry(40164L, "invalid ip 127.0.0.1, not in whitelist"),
          entry(40226L, "code blocked"),
          entry(40243L, "appsecret frozen"),
          entry(41002L, "appid missing"),
          entry(41004L, "appsecret missing"),
          entry(41008L, "missing code"),
          entry(45009L, "reach max api daily quota limit"),
          entry(45011L, "api minute-quota reach limit mustslower retry next minute"));

  private final Clock clock;

  SimulatedReplies(Clock clock) {
    this.clock = clock;
  }

  ObjectNode success(SimulatedCode code, String sessionKey, String openid, String unionid) {
    var reply = JsonNodeFactory.instance.objectNode();
    if (!code.says("no-session-key")) {
      reply.put("session_key", sessionKey);
    }
    if (code.says("expires-in")) {
      // Not ASCII, so that whoever reads text/plain without a charset as ISO-8859-1 is found out.
      reply
          .put("expires_in", 7200)
          .put("nickname", "小明")
          .putObject("future")
          .putArray("list")
          .add(1);
    }
    if (!code.says("no-openid")) {
      reply.put("openid", openid);
    }
    if (!code.says("no-unionid")) {
      reply.put("unionid", unionid);
    }
    if (code.says("errcode-zero")) {
      reply.put("errcode", 0).put("errmsg", "ok");
    } else if (code.says("errcode-zero-text")) {
      reply.put("errcode", "0").put("errmsg", "ok");
    }
    return reply;
  }

  ObjectNode failure(SimulatedCode code, long errcode) {
    var reply = JsonNodeFactory.instance.objectNode();
    if (code.says("errcode-text")) {
      reply.put("errcode", Long.toString(errcode));
    } else {
      reply.put("errcode", errcode);
    }
    var message = MESSAGES.getOrDefault(errcode, "simulated error");
    return reply.put("errmsg", message + ", rid: " + newRid());
  }

  /**
   * Like the real ones: the time in seconds and two random numbers, each as eight hexadecimal
   * digits.
   */
  private String newRid() {
    var random = ThreadLocalRandom.current();
    var seconds = (int) clock.instant().getEpochSecond();
    return "%08x-%08x-%08x".formatted(seconds, random.nextInt(), random.nextInt());
  }
}
