package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.minilogin.app.Secret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;

/** A reply of code2Session. */
@NullUnmarked
@RegisterForReflection
record Code2SessionReply(
    String openid,
    String unionid,
    @JsonProperty("session_key") String sessionKey,
    Integer errcode,
    String errmsg)
    implements WechatReply {

  @Override
  public boolean isComplete() {
    return WechatId.isValid(openid) && WechatId.isValid(sessionKey);
  }

  @Override
  public Refusal refusal() {
    return Errcode.ofCallWithSecret(errcode).refusal();
  }

  WechatUser user() {
    return new WechatUser(
        openid, Optional.ofNullable(unionid).filter(WechatId::isValid), new Secret(sessionKey));
  }

  @Override
  public String toString() {
    return "Code2SessionReply[errcode=" + errcode + "]";
  }
}
