package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;

/** The profile of a user, as WeChat shows it to an app. */
final class SimulatedProfiles {
  private final SimulatedUsers users;
  private final Clock clock;

  SimulatedProfiles(SimulatedUsers users, Clock clock) {
    this.users = users;
    this.clock = clock;
  }

  /** Returns the part that every client may read. */
  ObjectNode userInfo(String user) {
    return Json.object()
        // Not Latin, and beyond 16 bits, so that a wrong charset shows.
        .put("nickName", user + " 小明😀")
        .put("gender", 0)
        .put("language", "zh_CN")
        .put("city", "")
        .put("province", "")
        .put("country", "")
        .put("avatarUrl", "https://thirdwx.qlogo.cn/mmopen/vi_32/" + users.unionid(user) + "/132");
  }

  /**
   * @param age the age of the watermark
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
