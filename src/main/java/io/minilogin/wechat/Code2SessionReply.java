package io.minilogin.wechat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A reply of code2Session as it is on the wire. Success has no errcode, or 0 as a number or a text;
 * fields that are not named here are ignored.
 */
@RegisterForReflection
record Code2SessionReply(
    String openid,
    String unionid,
    @JsonProperty("session_key") String sessionKey,
    Integer errcode,
    String errmsg) {
  private static final Pattern RID = Pattern.compile("rid: ?([0-9A-Za-z-]{1,64})");
  private static final Pattern ID = Pattern.compile("[!-~]{1,128}");

  boolean isError() {
    return errcode != null && errcode != 0;
  }

  /** Whether everything is there that a session is made of. */
  boolean isComplete() {
    return isId(openid) && isId(sessionKey);
  }

  ExchangeOutcome.Exchanged exchanged() {
    return new ExchangeOutcome.Exchanged(
        openid,
        Optional.ofNullable(unionid).filter(Code2SessionReply::isId),
        new Secret(sessionKey));
  }

  ExchangeOutcome.Refused refused() {
    return new ExchangeOutcome.Refused(Refusal.ofErrcode(errcode), OptionalInt.of(errcode), rid());
  }

  private Optional<String> rid() {
    var found = RID.matcher(errmsg == null ? "" : errmsg);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static boolean isId(String text) {
    return text != null && ID.matcher(text).matches();
  }

  @Override
  public String toString() {
    return "Code2SessionReply[errcode=" + errcode + "]";
  }
}
