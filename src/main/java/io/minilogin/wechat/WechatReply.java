package io.minilogin.wechat;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;

/**
 * What all replies of WeChat's have, as it is on the wire. Success has no errcode, or 0 as a number
 * or a text; fields that a reply does not name are ignored, and those that it does not have are
 * null.
 */
@NullUnmarked
interface WechatReply {
  Pattern RID = Pattern.compile("rid: ?([0-9A-Za-z-]{1,64})");

  Integer errcode();

  String errmsg();

  /** Whether everything is there that makes it a success. */
  boolean isComplete();

  default boolean isError() {
    return errcode() != null && errcode() != 0;
  }

  /** Returns why the call failed. Only for a reply that is an error. */
  default Refusal refusal() {
    return Errcode.of(errcode()).refusal();
  }

  default <T> WechatOutcome.Refused<T> refused() {
    return new WechatOutcome.Refused<>(refusal(), OptionalInt.of(errcode()), rid());
  }

  private Optional<String> rid() {
    var found = RID.matcher(errmsg() == null ? "" : errmsg());
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }
}
