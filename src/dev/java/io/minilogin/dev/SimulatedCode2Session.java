package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Call;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Decides how code2Session answers a call. */
final class SimulatedCode2Session {
  private final SimulatedApps apps;
  private final Clock clock;
  private final SimulatedUsers users;
  private final SimulatedReplies replies;
  private final Set<String> burnt = ConcurrentHashMap.newKeySet();

  SimulatedCode2Session(
      SimulatedApps apps, Clock clock, SimulatedUsers users, SimulatedReplies replies) {
    this.apps = apps;
    this.clock = clock;
    this.users = users;
    this.replies = replies;
  }

  Answer answer(Call call) {
    // Before any check: the code is burnt whatever the outcome of this call.
    var firstUse = burnt.add(call.code());
    var refusal = refusal(call, firstUse);
    if (refusal.isPresent()) {
      return failure(SimulatedCode.SILENT, refusal.getAsLong());
    }
    var code = SimulatedCode.parse(call.code());
    if (code.isExpired(clock.instant()) || !code.belongsTo(call.appid())) {
      return failure(code, 40029);
    }
    var errcode = code.number("errcode");
    return errcode.isPresent() ? failure(code, errcode.getAsLong()) : success(code, call.appid());
  }

  /** Refuses calls that WeChat would refuse whatever the code says. */
  private OptionalLong refusal(Call call, boolean firstUse) {
    var secret = call.first("secret");
    return Rule.firstBroken(
        List.of(
            new Rule(call.appid().isEmpty(), 41002),
            new Rule(secret.isEmpty(), 41004),
            new Rule(!call.first("grant_type").equals("authorization_code"), 40002),
            new Rule(call.code().isEmpty(), 41008),
            new Rule(!apps.knows(call.appid()), 40013),
            new Rule(!apps.isSecret(call.appid(), secret), 40125),
            new Rule(!firstUse, 40163)));
  }

  private Answer failure(SimulatedCode code, long errcode) {
    return Answer.plainText(replies.failure(code, errcode), code);
  }

  // WeChat replaces the key even if its answer is lost afterwards.
  private Answer success(SimulatedCode code, String appid) {
    var user = code.user();
    var openid = users.openid(appid, user);
    var sessionKey =
        code.says("keep-key")
            ? users.keepSessionKey(appid, openid)
            : users.replaceSessionKey(appid, openid);
    return Answer.plainText(replies.success(code, sessionKey, openid, users.unionid(user)), code);
  }
}
