package io.minilogin.wechat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.NullUnmarked;

/** A reply of checksession. It contains only an errcode, so a success must contain it as well. */
@NullUnmarked
@RegisterForReflection
record CheckSessionReply(Integer errcode, String errmsg) implements WechatReply {
  @Override
  public boolean isComplete() {
    return errcode != null;
  }
}
