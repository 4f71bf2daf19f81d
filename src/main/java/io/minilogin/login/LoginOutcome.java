package io.minilogin.login;

import io.minilogin.session.Session;
import io.minilogin.session.SessionToken;
import io.minilogin.wechat.ExchangeOutcome;
import io.minilogin.wechat.Refusal;

/**
 * What a posted code led to. Whoever posts the code again within the replay window gets the same.
 */
sealed interface LoginOutcome {

  record LoggedIn(SessionToken token, Session session) implements LoginOutcome {}

  record Refused(ExchangeOutcome.Refused why) implements LoginOutcome {}

  static LoginOutcome refused(Refusal refusal) {
    return new Refused(ExchangeOutcome.Refused.without(refusal));
  }
}
