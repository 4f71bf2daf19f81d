package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.App;
import io.minilogin.dev.WechatSimulator.Call;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Decides what code2Session answers to a call; how that answer leaves is {@link ReplyWriter}'s
 * concern.
 */
final class SimulatedCode2Session {
  private static final long LIFETIME = Duration.ofMinutes(5).toSeconds();

  /** What to say, and the code whose words tell how to say it. */
  record Answer(String json, SimulatedCode code) {}

  private final Map<String, String> secrets;
  private final Clock clock;
  private final SimulatedUsers users;
  private final SimulatedReplies replies;
  private final Set<String> burnt = ConcurrentHashMap.newKeySet();

  SimulatedCode2Session(List<App> apps, Clock clock, SimulatedUsers users) {
    this.secrets = apps.stream().collect(Collectors.toMap(App::appid, App::secret));
    this.clock = clock;
    this.users = users;
    this.replies = new SimulatedReplies(clock);
  }

  Answer answer(Call call) {
    // Before anything is checked: whatever becomes of this call, its code does not get a second
    // one.
    var firstUse = burnt.add(call.code());
    var refusal = refusal(call, firstUse);
    if (refusal.isPresent()) {
      return failure(SimulatedCode.SILENT, refusal.getAsLong());
    }
    var code = SimulatedCode.parse(call.code());
    if (isExpired(code) || !code.belongsTo(call.appid())) {
      return failure(code, 40029);
    }
    var errcode = code.number("errcode");
    return errcode.isPresent() ? failure(code, errcode.getAsLong()) : success(code, call.appid());
  }

  /** The refusals that no word in the code can avert. */
  private OptionalLong refusal(Call call, boolean firstUse) {
    var secret = call.first("secret");
    for (var rule :
        List.of(
            new Rule(call.appid().isEmpty(), 41002),
            new Rule(secret.isEmpty(), 41004),
            new Rule(!call.first("grant_type").equals("authorization_code"), 40002),
            new Rule(call.code().isEmpty(), 41008),
            new Rule(!secrets.containsKey(call.appid()), 40013),
            new Rule(!secret.equals(secrets.get(call.appid())), 40125),
            new Rule(!firstUse, 40163))) {
      if (rule.broken()) {
        return OptionalLong.of(rule.errcode());
      }
    }
    return OptionalLong.empty();
  }

  private record Rule(boolean broken, long errcode) {}

  private boolean isExpired(SimulatedCode code) {
    var now = clock.instant().getEpochSecond();
    var issued = code.number("issued").orElse(now);
    return code.number("age").orElse(now - issued) > LIFETIME;
  }

  private Answer failure(SimulatedCode code, long errcode) {
    return new Answer(replies.failure(code, errcode), code);
  }

  // The key is replaced also when the answer then gets lost: WeChat has done its part by then.
  private Answer success(SimulatedCode code, String appid) {
    var user = code.user();
    var sessionKey =
        code.says("keep-key")
            ? users.keepSessionKey(appid, user)
            : users.replaceSessionKey(appid, user);
    var openid = users.openid(appid, user);
    return new Answer(replies.success(code, sessionKey, openid, users.unionid(user)), code);
  }
}
