package io.minilogin.login;

import io.minilogin.problem.RequiredField;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /login}.
 *
 * @param code what wx.login gave the mini program
 * @param appid which app, where several are configured
 */
record LoginRequest(String code, @Nullable String appid) {
  /** Real codes have about 32 characters. */
  private static final int LONGEST_CODE = 256;

  private static final int LONGEST_APPID = 64;

  /** Refuses what cannot be a login, with the name of the field at fault. */
  static LoginRequest checked(@Nullable LoginRequest request) {
    if (request == null) {
      throw RequiredField.noObject();
    }
    RequiredField.of("code", request.code(), LONGEST_CODE);
    if (request.appid() != null && request.appid().length() > LONGEST_APPID) {
      throw RequiredField.tooLong("appid", LONGEST_APPID);
    }
    return request;
  }

  @Override
  public String toString() {
    return "LoginRequest";
  }
}
