package io.minilogin.opendata;

import com.fasterxml.jackson.databind.JsonNode;
import io.minilogin.wechat.WechatId;
import java.util.Optional;

/**
 * Open data that were decrypted and found to be in order.
 *
 * @param text the plaintext as WeChat wrote it, a JSON object
 * @param unionid the user's, where it is part of them
 */
record OpenData(String text, Optional<String> unionid) {

  static OpenData of(String text, JsonNode object) {
    var unionid = Optional.ofNullable(object.path("unionId").textValue());
    return new OpenData(text, unionid.filter(WechatId::isOne));
  }

  @Override
  public String toString() {
    return "OpenData";
  }
}
