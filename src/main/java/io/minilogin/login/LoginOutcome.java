package io.minilogin.login;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.Session;
import io.minilogin.session.SessionToken;
import io.minilogin.wechat.WechatOutcome;
import java.time.Instant;
import java.util.Optional;

/**
 * The outcome of a posted code. Another post of the code within the replay window gets the same
 * outcome.
 */
sealed interface LoginOutcome {

  record LoggedIn(SessionToken token, Session session) implements LoginOutcome {}

  /** WeChat returned no user for the code. */
  record Refused(WechatOutcome.Refused<?> why) implements LoginOutcome {}

  /**
   * A client has blocked the user.
   *
   * @param until empty if the block has no end
   */
  record Blocked(Optional<Instant> until) implements LoginOutcome {
    private Problem problem() {
      return Problem.of(ProblemType.USER_BLOCKED, "The operator of this app has blocked the user.")
          .until(until);
    }
  }

  /** An outcome that the service itself decides, not WeChat. */
  enum Verdict implements LoginOutcome {
    SPENT(
        ProblemType.CODE_USED,
        "This code was posted before, and its response is no longer repeated."),
    LOST(
        ProblemType.WECHAT_TIMEOUT, "This code was posted before, and WeChat's answer is unknown."),
    LATE(ProblemType.WECHAT_TIMEOUT, "This login took too long, and its code may have been used.");

    private final Problem problem;

    Verdict(ProblemType type, String detail) {
      this.problem = Problem.of(type, detail);
    }
  }

  /** Returns the login, or throws the problem. */
  default LoggedIn orThrow() {
    if (this instanceof LoggedIn login) {
      return login;
    }
    if (this instanceof Blocked blocked) {
      throw new ProblemException(blocked.problem());
    }
    throw new ProblemException(
        this instanceof Refused refused ? refused.why().problem() : ((Verdict) this).problem);
  }
}
