package io.minilogin.wechat;

/**
 * A user's phone number, with WeChat's names.
 *
 * @param phoneNumber with the country code if that is not China's
 * @param purePhoneNumber without it
 * @param countryCode such as 86
 */
public record PhoneNumber(String phoneNumber, String purePhoneNumber, String countryCode) {
  @Override
  public String toString() {
    return "PhoneNumber";
  }
}
