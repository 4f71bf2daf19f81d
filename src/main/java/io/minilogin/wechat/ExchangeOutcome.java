package io.minilogin.wechat;

import io.minilogin.app.Secret;
import java.util.Optional;

/** What became of a code that was brought to WeChat: it knows the user, or there is no session. */
public sealed interface ExchangeOutcome permits ExchangeOutcome.Exchanged, RefusedCall {

  /**
   * WeChat knows the user.
   *
   * @param openid the user within the app, 1 to 128 characters
   * @param unionid the user across the apps of one Open Platform account, where the app is bound to
   *     one
   * @param sessionKey WeChat's key for this user and app, base64
   */
  record Exchanged(String openid, Optional<String> unionid, Secret sessionKey)
      implements ExchangeOutcome {
    @Override
    public String toString() {
      return "Exchanged";
    }
  }
}
