package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** A reply of resetusersessionkey. */
@RegisterForReflection
record SessionKeyReply(
    @JsonProperty("session_key") String sessionKey, Integer errcode, String errmsg)
    implements WechatReply {

  @Override
  public boolean isComplete() {
    return WechatId.isOne(sessionKey);
  }

  @Override
  public String toString() {
    return "SessionKeyReply[errcode=" + errcode + "]";
  }
}
