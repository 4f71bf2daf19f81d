package io.minilogin.wechat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.NullUnmarked;

/** A reply of checksession: its errcode is all it says, so here a success must name it. */
@NullUnmarked
@RegisterForReflection
record CheckReply(Integer errcode, String errmsg) implements WechatReply {
  @Override
  public boolean isComplete() {
    return errcode != null;
  }
}
