package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.NullUnmarked;

/** A reply of resetusersessionkey. */
@NullUnmarked
@RegisterForReflection
record ResetSessionKeyReply(
    @JsonProperty("session_key") String sessionKey, Integer errcode, String errmsg)
    implements WechatReply {

  @Override
  public boolean isComplete() {
    return WechatId.isValid(sessionKey);
  }

  @Override
  public String toString() {
    return "ResetSessionKeyReply[errcode=" + errcode + "]";
  }
}
