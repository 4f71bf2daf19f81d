package io.minilogin.session;

/**
 * A user of an app.
 *
 * @param openid the user within the app
 */
public record UserId(String appid, String openid) {
  @Override
  public String toString() {
    return "User of " + appid;
  }
}
