package io.minilogin.wechat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The request body of getuserphonenumber, with the code from the phone number button.
 *
 * @param openid the openid of the user; WeChat may refuse the code of another user, or may ignore
 *     the openid
 */
@RegisterForReflection
record UserPhoneNumberRequest(String code, String openid) {
  @Override
  public String toString() {
    return "UserPhoneNumberRequest";
  }
}
