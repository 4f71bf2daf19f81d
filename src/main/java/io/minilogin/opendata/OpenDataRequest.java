package io.minilogin.opendata;

import io.minilogin.problem.RequiredField;
import java.util.Base64;
import java.util.Optional;

/**
 * The request body of {@code POST /session/open-data}: the object from WeChat's client API. Other
 * fields are ignored.
 *
 * @param rawData the signed text; present only together with {@code signature}, which some client
 *     APIs do not return
 */
record OpenDataRequest(String encryptedData, String iv, String rawData, String signature) {
  /** The size limit of bodies, so it never applies to a field. */
  private static final int LONGEST = 16 * 1024;

  /**
   * Validates the request. Rejects values that no client API returns, with the name of the field.
   */
  static EncryptedData checked(OpenDataRequest request) {
    if (request == null) {
      throw RequiredField.noObject();
    }
    var ciphertext = base64("encryptedData", request.encryptedData());
    if (ciphertext.length == 0 || ciphertext.length % EncryptedData.BLOCK_BYTES != 0) {
      throw RequiredField.invalid(
          "The field \"encryptedData\" does not hold whole blocks of 16 bytes.");
    }
    var iv = base64("iv", request.iv());
    if (iv.length != EncryptedData.BLOCK_BYTES) {
      throw RequiredField.invalid("The field \"iv\" does not hold 16 bytes.");
    }
    return new EncryptedData(ciphertext, iv, request.signed());
  }

  private Optional<EncryptedData.Signed> signed() {
    if (rawData == null && signature == null) {
      return Optional.empty();
    }
    if (rawData == null || signature == null) {
      var missing = rawData == null ? "rawData" : "signature";
      throw RequiredField.invalid(
          "The field \"" + missing + "\" is missing: rawData and signature belong together.");
    }
    return Optional.of(new EncryptedData.Signed(rawData, signature));
  }

  private static byte[] base64(String name, String value) {
    try {
      return Base64.getDecoder().decode(RequiredField.of(name, value, LONGEST));
    } catch (IllegalArgumentException e) {
      throw RequiredField.invalid("The field \"" + name + "\" is not base64.");
    }
  }

  @Override
  public String toString() {
    return "OpenDataRequest";
  }
}
