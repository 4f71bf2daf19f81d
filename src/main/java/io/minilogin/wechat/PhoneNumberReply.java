package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.NullUnmarked;

/** A reply of getuserphonenumber. */
@NullUnmarked
@RegisterForReflection
record PhoneNumberReply(@JsonProperty("phone_info") Info phoneInfo, Integer errcode, String errmsg)
    implements WechatReply {

  /**
   * The phone number.
   *
   * @param countryCode a string or a number
   */
  @RegisterForReflection
  record Info(String phoneNumber, String purePhoneNumber, JsonNode countryCode) {
    boolean isComplete() {
      return phoneNumber != null
          && purePhoneNumber != null
          && countryCode != null
          && (countryCode.isTextual() || countryCode.isIntegralNumber());
    }

    @Override
    public String toString() {
      return "Info";
    }
  }

  @Override
  public boolean isComplete() {
    return phoneInfo != null && phoneInfo.isComplete();
  }

  /**
   * Returns the refusal for the errcode. An errcode from 40000 to 49999 means that WeChat rejects
   * something in the request. An unknown errcode in this range counts as an invalid code, because
   * WeChat does not document the errcode for the code of a user with another openid.
   */
  @Override
  public Refusal refusal() {
    var known = Errcode.of(errcode);
    return known.isUnknown() && errcode / 10_000 == 4 ? Refusal.CODE_INVALID : known.refusal();
  }

  PhoneNumber phoneNumber() {
    return new PhoneNumber(
        phoneInfo.phoneNumber(), phoneInfo.purePhoneNumber(), phoneInfo.countryCode().asText());
  }

  @Override
  public String toString() {
    return "PhoneNumberReply[errcode=" + errcode + "]";
  }
}
