package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code POST /wxa/business/getuserphonenumber}: exchanges a phone code for the user's phone
 * number. Phone codes have the syntax of login codes but are a separate kind: the same text works
 * for one login and one phone number.
 */
final class SimulatedPhoneNumbers {
  private final Clock clock;
  private final SimulatedUsers users;
  private final SimulatedProfiles profiles;
  private final SimulatedReplies replies;
  private final Set<String> burnt = ConcurrentHashMap.newKeySet();

  SimulatedPhoneNumbers(
      Clock clock, SimulatedUsers users, SimulatedProfiles profiles, SimulatedReplies replies) {
    this.clock = clock;
    this.users = users;
    this.profiles = profiles;
    this.replies = replies;
  }

  /**
   * @param appid the app to which the access token of the request belongs
   */
  Answer answer(String appid, Request request) {
    var body = Json.parse(request.body());
    var text = body.map(it -> Json.text(it, "code")).orElse("");
    if (text.isEmpty()) {
      return replies.error(47001, SimulatedCode.SILENT);
    }
    // Before any check: the code is burnt whatever the outcome of this call.
    if (!burnt.add(text)) {
      return replies.error(40163, SimulatedCode.SILENT);
    }
    var code = SimulatedCode.parse(text);
    if (code.isExpired(clock.instant()) || !code.belongsTo(appid)) {
      return replies.error(40029, code);
    }
    var openid = body.map(it -> Json.text(it, "openid")).orElse("");
    if (code.says("check-openid") && !openid.equals(users.openid(appid, code.user()))) {
      return replies.error(40003, code);
    }
    var errcode = code.number("errcode");
    return errcode.isPresent()
        ? replies.error(errcode.getAsLong(), code)
        : Answer.json(success(code, appid).toString(), code);
  }

  private ObjectNode success(SimulatedCode code, String appid) {
    var reply = Json.ok();
    if (!code.says("no-phone-info")) {
      var info = profiles.phoneInfo(appid, code.user(), Duration.ZERO);
      if (code.says("country-code-number")) {
        info.put("countryCode", info.get("countryCode").asInt());
      }
      reply.set("phone_info", info);
    }
    return reply;
  }
}
