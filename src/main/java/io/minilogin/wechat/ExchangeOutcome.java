package io.minilogin.wechat;

import io.minilogin.problem.Problem;
import java.util.Optional;
import java.util.OptionalInt;

/** What became of a code that was brought to WeChat. */
public sealed interface ExchangeOutcome {

  /**
   * WeChat knows the user.
   *
   * @param openid the user within the app, 1 to 128 characters
   * @param unionid the user across the apps of one Open Platform account, where the app is bound to
   *     one
   * @param sessionKey WeChat's key for this user and app, base64
   */
  record Exchanged(String openid, Optional<String> unionid, Secret sessionKey)
      implements ExchangeOutcome {
    @Override
    public String toString() {
      return "Exchanged";
    }
  }

  /** There is no session; the code is to be taken as burnt, whatever the reason. */
  record Refused(Refusal refusal, OptionalInt errcode, Optional<String> rid)
      implements ExchangeOutcome {

    public static Refused without(Refusal refusal) {
      return new Refused(refusal, OptionalInt.empty(), Optional.empty());
    }

    public Problem problem() {
      var problem = Problem.of(refusal.type(), refusal.detail()).fromWechat(errcode, rid);
      return refusal.retryAfter().map(problem::retryAfter).orElse(problem);
    }
  }
}
