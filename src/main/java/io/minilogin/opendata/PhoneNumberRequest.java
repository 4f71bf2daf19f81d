package io.minilogin.opendata;

import io.minilogin.problem.RequiredField;

/**
 * The request body of {@code POST /session/phone-number}.
 *
 * @param code the code from the phone number button, not from wx.login
 */
record PhoneNumberRequest(String code) {
  /** Length limit. Real codes have 64 characters. */
  private static final int LONGEST = 256;

  /** Returns the code. Rejects an invalid value, with the name of the field. */
  static String checked(PhoneNumberRequest request) {
    if (request == null) {
      throw RequiredField.noObject();
    }
    return RequiredField.of("code", request.code(), LONGEST);
  }

  @Override
  public String toString() {
    return "PhoneNumberRequest";
  }
}
