package io.minilogin.login;

import io.minilogin.problem.RequiredField;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /login}.
 *
 * @param code the code that the mini program got from wx.login
 * @param appid the app of the login, if several apps are configured
 */
record LoginRequest(String code, @Nullable String appid) {
  /** Real codes have about 32 characters. */
  private static final int LONGEST_CODE = 256;

  private static final int LONGEST_APPID = 64;

  /** Returns the request, or throws a problem that names the invalid field. */
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
