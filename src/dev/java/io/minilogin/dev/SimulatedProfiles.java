package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;

/** What WeChat knows of a user besides the ids, as it tells it to an app. */
final class SimulatedProfiles {
  private final SimulatedUsers users;
  private final Clock clock;

  SimulatedProfiles(SimulatedUsers users, Clock clock) {
    this.users = users;
    this.clock = clock;
  }

  /** What every client may read. */
  ObjectNode userInfo(String user) {
    return Json.object()
        // Not Latin, and beyond 16 bits, so that whoever mistakes the charset is found out.
        .put("nickName", user + " 小明😀")
        .put("gender", 0)
        .put("language", "zh_CN")
        .put("city", "")
        .put("province", "")
        .put("country", "")
        .put("avatarUrl", "https://thirdwx.qlogo.cn/mmopen/vi_32/" + users.unionid(user) + "/132");
  }

  /**
   * @param age how long ago WeChat put it together, by its watermark
   */
  ObjectNode phoneInfo(String appid, String user, Duration age) {
    var number = users.phoneNumber(user);
    var info =
        Json.object()
            .put("phoneNumber", number)
            .put("purePhoneNumber", number)
            .put("countryCode", "86");
    info.set("watermark", watermark(appid, age));
    return info;
  }

  ObjectNode watermark(String appid, Duration age) {
    var timestamp = clock.instant().minus(age).getEpochSecond();
    return Json.object().put("timestamp", timestamp).put("appid", appid);
  }
}
