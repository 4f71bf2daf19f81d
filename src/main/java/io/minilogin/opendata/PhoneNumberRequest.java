package io.minilogin.opendata;

import io.minilogin.problem.RequiredField;

/**
 * The body of {@code POST /session/phone-number}.
 *
 * @param code what the phone number button gave; not one of wx.login
 */
record PhoneNumberRequest(String code) {
  /** Real ones have 64 characters. */
  private static final int LONGEST = 256;

  /** The code. Refuses what cannot be one, with the name of the field. */
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
