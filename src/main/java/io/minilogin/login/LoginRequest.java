package io.minilogin.login;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;

/**
 * The body of {@code POST /login}.
 *
 * @param code what wx.login gave the mini program
 * @param appid which app, where several are configured; may be null
 */
record LoginRequest(String code, String appid) {
  /** Real codes have about 32 characters. */
  private static final int LONGEST_CODE = 256;

  private static final int LONGEST_APPID = 64;

  /** Refuses what cannot be a login, with the name of the field at fault. */
  static LoginRequest checked(LoginRequest request) {
    if (request == null) {
      throw invalid("The body must be one JSON object.");
    }
    if (request.code() == null || request.code().isBlank()) {
      throw invalid("The field \"code\" is missing.");
    }
    if (request.code().length() > LONGEST_CODE) {
      throw invalid("The field \"code\" has over " + LONGEST_CODE + " characters.");
    }
    if (!request.code().codePoints().allMatch(LoginRequest::isPrintable)) {
      throw invalid("The field \"code\" has characters that no code has.");
    }
    if (request.appid() != null && request.appid().length() > LONGEST_APPID) {
      throw invalid("The field \"appid\" has over " + LONGEST_APPID + " characters.");
    }
    return request;
  }

  /** Half a surrogate pair has no UTF-8 form: it would reach WeChat as something else. */
  private static boolean isPrintable(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE;
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(Problem.of(ProblemType.INVALID_REQUEST, detail));
  }

  @Override
  public String toString() {
    return "LoginRequest";
  }
}
