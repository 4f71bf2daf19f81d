package io.minilogin.relay;

import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;

/**
 * Errors of calls of backends: problems that have an errcode and an errmsg as well, so that SDKs
 * for WeChat can read them.
 */
final class ApiErrors {
  private ApiErrors() {}

  /** Returns the problem with an errcode and an errmsg; the same problem if it has an errmsg. */
  static Problem asErrorOfWechat(Problem problem) {
    var action = problem.retryAfter().isPresent() ? Action.RETRY : Action.NONE;
    return problem.errmsg().isPresent()
        ? problem
        : problem.inPlaceOfLogin(action).asErrorOfWechat(errcode(problem.type()));
  }

  /** Returns the errcode for a problem. SDKs retry after -1. */
  private static int errcode(ProblemType type) {
    return switch (type) {
      case CLIENT_FORBIDDEN -> 85107;
      case CONTENT_TOO_LARGE -> 45001;
      case INVALID_REQUEST -> 47001;
      default -> -1;
    };
  }

  static ProblemException forbidden(String detail) {
    return problem(ProblemType.CLIENT_FORBIDDEN, detail, 85107);
  }

  /** Returns a new problem with this errcode. */
  static ProblemException problem(ProblemType type, String detail, int errcode) {
    return refusal(Problem.of(type, detail), errcode);
  }

  /** Returns the problem with this errcode. */
  static ProblemException refusal(Problem problem, int errcode) {
    return new ProblemException(problem.asErrorOfWechat(errcode));
  }
}
