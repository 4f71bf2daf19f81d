package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.wechat.WechatId;
import java.util.Optional;

/**
 * Open data that were decrypted and validated.
 *
 * @param text the plaintext, a JSON object, after {@link RepairedJson}
 * @param unionid the user's unionid, if the data contain it
 */
record OpenData(String text, Optional<String> unionid) {

  /**
   * Creates open data without a unionid if the plaintext has broken UTF-8. WeChat's format has no
   * authentication: an attacker who changes a block of the ciphertext controls the plaintext of the
   * next block, and the changed block decrypts to random bytes. Random bytes are hardly ever valid
   * UTF-8.
   *
   * @param isUtf8 whether the plaintext is valid UTF-8
   */
  static OpenData of(String text, boolean isUtf8, JsonNode object) {
    var unionid = Optional.ofNullable(object.path("unionId").textValue());
    return new OpenData(
        RepairedJson.of(text), unionid.filter(id -> isUtf8).filter(WechatId::isValid));
  }

  @Override
  public String toString() {
    return "OpenData";
  }
}
