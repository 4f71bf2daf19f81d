package io.minilogin.dev;

import java.time.Duration;
import java.util.NoSuchElementException;

/**
 * Creates the open data that the client API returns, encrypted under the current session key. All
 * methods throw {@link NoSuchElementException} for a user who has not logged in to the app.
 */
final class OpenDataMint {
  private final SimulatedUsers users;
  private final SimulatedProfiles profiles;

  OpenDataMint(SimulatedUsers users, SimulatedProfiles profiles) {
    this.users = users;
    this.profiles = profiles;
  }

  /**
   * @param age how old the watermark is
   */
  OpenData userInfo(String appid, String user, Duration age) {
    var sessionKey = sessionKey(appid, user);
    var userInfo = profiles.userInfo(user);
    var plaintext = Json.object().put("openId", users.openid(appid, user));
    plaintext.setAll(userInfo);
    plaintext.put("unionId", users.unionid(user));
    plaintext.set("watermark", profiles.watermark(appid, age));
    return OpenData.encrypt(sessionKey, plaintext.toString()).sign(sessionKey, userInfo.toString());
  }

  /**
   * @param age how old the watermark is
   */
  OpenData phoneNumber(String appid, String user, Duration age) {
    return encrypt(appid, user, profiles.phoneInfo(appid, user, age).toString());
  }

  OpenData encrypt(String appid, String user, String plaintext) {
    return OpenData.encrypt(sessionKey(appid, user), plaintext);
  }

  private String sessionKey(String appid, String user) {
    return users.sessionKey(appid, users.openid(appid, user)).orElseThrow();
  }
}
