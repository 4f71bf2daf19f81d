package io.minilogin.wechat;

import io.minilogin.app.Secret;
import java.util.Optional;

/**
 * The user behind a code.
 *
 * @param openid the user within the app, 1 to 128 characters
 * @param unionid the user across the apps of one Open Platform account, where the app is bound to
 *     one
 * @param sessionKey WeChat's key for this user and app, base64
 */
public record WechatUser(String openid, Optional<String> unionid, Secret sessionKey) {
  @Override
  public String toString() {
    return "WechatUser";
  }
}
