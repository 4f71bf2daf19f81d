package io.minilogin.wechat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Asks for the phone number behind the code that the phone number button gave.
 *
 * @param openid the user's: WeChat may refuse the code of another user, and may ignore it
 */
@RegisterForReflection
record PhoneCode(String code, String openid) {
  @Override
  public String toString() {
    return "PhoneCode";
  }
}
