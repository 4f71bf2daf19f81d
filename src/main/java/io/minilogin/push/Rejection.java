package io.minilogin.push;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.util.Locale;

/** The reasons why the service rejects a request that claims to come from WeChat. */
enum Rejection {
  SIGNATURE("The signature is missing or wrong."),
  ENCRYPTION("Events must be encrypted if push-aes-key is set, else they must be plain."),
  APPID("The event is for another app."),
  AGE("The timestamp is too far from the clock.");

  private final String detail;

  Rejection(String detail) {
    this.detail = detail;
  }

  /** Returns the outcome that metrics show. */
  String metricName() {
    return "rejected-" + name().toLowerCase(Locale.ROOT);
  }

  RejectedException exception() {
    return new RejectedException(this);
  }

  /** Ends a request with {@code push-rejected}. */
  static final class RejectedException extends ProblemException {
    private static final long serialVersionUID = 1;

    private final Rejection why;

    private RejectedException(Rejection why) {
      super(Problem.of(ProblemType.PUSH_REJECTED, why.detail));
      this.why = why;
    }

    Rejection why() {
      return why;
    }
  }
}
