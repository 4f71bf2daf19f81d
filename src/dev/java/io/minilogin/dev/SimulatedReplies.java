package io.minilogin.dev;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/** The JSON of WeChat's replies, in the usual form and in unusual forms that were observed. */
final class SimulatedReplies {
  private static final Map<Long, String> MESSAGES =
      Map.ofEntries(
          entry(-1L, "system error"),
          entry(40001L, "invalid credential, access_token is invalid or not latest"),
          entry(40002L, "invalid grant_type"),
          entry(40003L, "invalid openid"),
          entry(40004L, "invalid media type"),
          entry(40013L, "invalid appid"),
          entry(40029L, "invalid code"),
          entry(40037L, "invalid template_id"),
          entry(40097L, "invalid args"),
          entry(40125L, "invalid appsecret"),
          entry(40163L, "code been used"),
          entry(40164L, "invalid ip 127.0.0.1, not in whitelist"),
          entry(40226L, "code blocked"),
          entry(40243L, "appsecret frozen"),
          entry(41001L, "access_token missing"),
          entry(41002L, "appid missing"),
          entry(41004L, "appsecret missing"),
          entry(41005L, "media data missing"),
          entry(41008L, "missing code"),
          entry(42001L, "access_token expired"),
          entry(43001L, "require GET method"),
          entry(43002L, "require POST method"),
          entry(45009L, "reach max api daily quota limit"),
          entry(45011L, "api minute-quota reach limit mustslower retry next minute"),
          entry(47001L, "data format error"),
          entry(87007L, "session_key is not existd or expired"),
          entry(87009L, "invalid signature"),
          entry(90010L, "[signature] signature is invalid"),
          entry(90011L, "[pay_sig] pay_sig is invalid"),
          entry(90012L, "bill_no repeated"),
          entry(90013L, "balance not enough"),
          entry(90016L, "session_key expired"),
          entry(90018L, "invalid parameter"),
          entry(268490001L, "openid error"),
          entry(268490002L, "invalid parameter"),
          entry(268490003L, "signature check failed"),
          entry(268490004L, "repeated operation"),
          entry(268490006L, "balance not enough"),
          entry(268490009L, "session_key not exist or expired"));

  private final Clock clock;

  SimulatedReplies(Clock clock) {
    this.clock = clock;
  }

  String success(SimulatedCode code, String sessionKey, String openid, String unionid) {
    var reply = new StringJoiner(",", "{", "}");
    if (!code.says("no-session-key")) {
      reply.add(text("session_key", sessionKey));
    }
    if (code.says("expires-in")) {
      // Not ASCII, so that decoding text/plain without a charset as ISO-8859-1 shows.
      reply
          .add(number("expires_in", 7200))
          .add(text("nickname", "小明"))
          .add("\"future\":{\"list\":[1]}");
    }
    if (!code.says("no-openid")) {
      reply.add(text("openid", openid));
    }
    if (!code.says("no-unionid")) {
      reply.add(text("unionid", unionid));
    }
    if (code.says("errcode-zero")) {
      reply.add(number("errcode", 0)).add(text("errmsg", "ok"));
    } else if (code.says("errcode-zero-text")) {
      reply.add(text("errcode", "0")).add(text("errmsg", "ok"));
    }
    return reply.toString();
  }

  String failure(SimulatedCode code, long errcode) {
    var message = MESSAGES.getOrDefault(errcode, "simulated error");
    return new StringJoiner(",", "{", "}")
        .add(
            code.says("errcode-text")
                ? text("errcode", Long.toString(errcode))
                : number("errcode", errcode))
        .add(text("errmsg", message + ", rid: " + newRid()))
        .toString();
  }

  /** Returns a failure of a call other than code2Session. */
  Answer error(long errcode, SimulatedCode code) {
    return Answer.json(failure(code, errcode), code);
  }

  Answer unless(OptionalLong refusal, Supplier<Answer> success) {
    return refusal.isPresent() ? error(refusal.getAsLong(), SimulatedCode.SILENT) : success.get();
  }

  /** Returns a failure unless the body of the request is a JSON object. */
  Answer toJson(Request request, Function<ObjectNode, Answer> call) {
    return Json.parse(request.body()).map(call).orElseGet(() -> error(47001, SimulatedCode.SILENT));
  }

  // Built by hand, because a benchmark calls this thousands of times a second. No value needs
  // escaping.
  private static String text(String name, String value) {
    return '"' + name + "\":\"" + value + '"';
  }

  private static String number(String name, long value) {
    return '"' + name + "\":" + value;
  }

  /**
   * Returns an id like the real ones: the time in seconds and two random numbers, each as eight
   * hexadecimal digits.
   */
  String newRid() {
    var random = ThreadLocalRandom.current();
    var seconds = (int) clock.instant().getEpochSecond();
    return "%08x-%08x-%08x".formatted(seconds, random.nextInt(), random.nextInt());
  }
}
