package io.minilogin.users;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.signing.Signatures;
import java.util.Optional;

/** The response of {@code POST /users/{appid}/{openid}/signature}. */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record SignatureResponse(
    Optional<String> signature, @JsonProperty("pay_sig") Optional<String> paySig) {
  static SignatureResponse of(Signatures made) {
    return new SignatureResponse(made.signature(), made.paySig());
  }

  @Override
  public String toString() {
    return "SignatureResponse";
  }
}
