package io.minilogin.users;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.minilogin.problem.RequiredField;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request body of {@code POST /users/{appid}/{openid}/signature}. Other fields are refused: a
 * misspelled {@code uri} would leave out {@code pay_sig}.
 *
 * @param data the text to sign, byte for byte
 * @param uri the URI for {@code pay_sig}; null for no {@code pay_sig}
 */
record SignatureRequest(
    @Nullable String data,
    @Nullable String uri,
    @JsonAnySetter @Nullable Map<String, Object> others) {

  /** Returns the request without other fields. */
  static SignatureRequest checked(@Nullable SignatureRequest request) {
    if (request == null) {
      throw RequiredField.noObject();
    }
    if (Optional.ofNullable(request.others()).filter(it -> !it.isEmpty()).isPresent()) {
      throw RequiredField.invalid("The body has other fields than \"data\" and \"uri\".");
    }
    return request;
  }

  @Override
  public String toString() {
    return "SignatureRequest";
  }
}
