package io.minilogin.login;

import io.minilogin.session.Session;
import io.minilogin.session.SessionToken;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCall;

/**
 * What a posted code led to. Whoever posts the code again within the replay window gets the same.
 */
sealed interface LoginOutcome {

  record LoggedIn(SessionToken token, Session session) implements LoginOutcome {}

  record Refused(RefusedCall why) implements LoginOutcome {}

  static LoginOutcome refused(Refusal refusal) {
    return new Refused(RefusedCall.without(refusal));
  }
}
