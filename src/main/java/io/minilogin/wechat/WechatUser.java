package io.minilogin.wechat;

import io.minilogin.app.Secret;
import java.util.Optional;

/**
 * The user that a login code belongs to.
 *
 * @param openid the id of the user within the app, 1 to 128 characters
 * @param unionid the id of the user across the apps of an Open Platform account, if the app is
 *     bound to such an account
 * @param sessionKey WeChat's key for this user and app, in base64
 */
public record WechatUser(String openid, Optional<String> unionid, Secret sessionKey) {
  @Override
  public String toString() {
    return "WechatUser";
  }
}
