package io.minilogin.wechat;

/**
 * A user's phone number. The fields are named as in WeChat's API.
 *
 * @param phoneNumber the number, with the country code unless it is China's
 * @param purePhoneNumber the number without the country code
 * @param countryCode the country code, for example 86
 */
public record PhoneNumber(String phoneNumber, String purePhoneNumber, String countryCode) {
  @Override
  public String toString() {
    return "PhoneNumber";
  }
}
