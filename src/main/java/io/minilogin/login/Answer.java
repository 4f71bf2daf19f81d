package io.minilogin.login;

import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatUser;
import java.time.Instant;

/**
 * WeChat's answer to the exchange of a code.
 *
 * @param at the time of the answer
 * @param isResumed whether an earlier attempt could not store the answer
 */
record Answer(WechatOutcome<WechatUser> outcome, Instant at, boolean isResumed) {

  /** Returns the same answer for an attempt that resumes the login. */
  Answer resumed() {
    return new Answer(outcome, at, true);
  }

  @Override
  public String toString() {
    return "Answer";
  }
}
