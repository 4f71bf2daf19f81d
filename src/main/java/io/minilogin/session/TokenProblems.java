package io.minilogin.session;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;

/**
 * What is wrong with a request that shows no good token.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 */
public final class TokenProblems {
  /** A request without any credentials gets no error code (RFC 6750, section 3.1). */
  static final String CHALLENGE = "Bearer realm=\"mini-login\"";

  public static final Problem MISSING =
      Problem.of(ProblemType.TOKEN_MISSING, "Send the token as \"Authorization: Bearer …\".")
          .challenge(CHALLENGE);

  public static final Problem INVALID =
      Problem.of(ProblemType.TOKEN_INVALID, "No session has this token.")
          .challenge(CHALLENGE + ", error=\"invalid_token\"");

  public static final Problem AMBIGUOUS =
      Problem.of(
          ProblemType.INVALID_REQUEST, "The Authorization header must hold exactly one token.");

  private TokenProblems() {}

  /** For a header that gives no token. */
  public static Problem of(BearerHeader header) {
    if (header instanceof BearerHeader.Missing) {
      return MISSING;
    }
    return header instanceof BearerHeader.Ambiguous ? AMBIGUOUS : INVALID;
  }
}
