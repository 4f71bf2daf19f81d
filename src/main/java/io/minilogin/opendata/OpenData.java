package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.wechat.WechatId;
import java.util.Optional;

/**
 * Open data that were decrypted and found to be in order.
 *
 * @param text the plaintext as WeChat wrote it, a JSON object, in {@link RepairedJson}
 * @param unionid the user's, where it is part of them
 */
record OpenData(String text, Optional<String> unionid) {

  /**
   * Takes no unionid from a plaintext with broken UTF-8. WeChat's format has no authentication:
   * whoever changes a block of the ciphertext chooses the plaintext of the next block, and makes
   * random bytes of the block itself. Random bytes are hardly ever UTF-8.
   *
   * @param isUtf8 whether no byte of the plaintext had to be replaced
   */
  static OpenData of(String text, boolean isUtf8, JsonNode object) {
    var unionid = Optional.ofNullable(object.path("unionId").textValue());
    return new OpenData(
        RepairedJson.of(text), unionid.filter(id -> isUtf8).filter(WechatId::isOne));
  }

  @Override
  public String toString() {
    return "OpenData";
  }
}
