package io.minilogin.wechat;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullUnmarked;

/**
 * The fields that all replies of WeChat have. A success has no errcode, or errcode 0 as a number or
 * a string. Unknown fields are ignored, and missing fields are null.
 */
@NullUnmarked
interface WechatReply {
  Pattern RID = Pattern.compile("rid: ?([0-9A-Za-z-]{1,64})");

  Integer errcode();

  String errmsg();

  /** Whether the reply has all fields of a success. */
  boolean isComplete();

  default boolean isError() {
    return errcode() != null && errcode() != 0;
  }

  /** Returns the reason why the call failed. Only valid for an error. */
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
