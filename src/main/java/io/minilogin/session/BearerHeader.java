package io.minilogin.session;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.util.List;

/**
 * Reads the token from a request's Authorization headers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 */
public final class BearerHeader {
  private static final String SCHEME = "bearer ";

  /** A request without any credentials gets no error code (RFC 6750, section 3.1). */
  private static final String CHALLENGE = "Bearer realm=\"mini-login\"";

  /** The request has no Authorization header, or a header with another scheme. */
  static final Problem MISSING =
      Problem.of(ProblemType.TOKEN_MISSING, "Send the token as \"Authorization: Bearer …\".")
          .challenge(CHALLENGE);

  /** No session has the token. */
  public static final Problem INVALID =
      Problem.of(ProblemType.TOKEN_INVALID, "No session has this token.")
          .challenge(CHALLENGE + ", error=\"invalid_token\"");

  static final Problem AMBIGUOUS =
      Problem.of(
          ProblemType.INVALID_REQUEST, "The Authorization header must hold exactly one token.");

  private BearerHeader() {}

  /**
   * Returns the token. Does not check whether a session has it.
   *
   * @throws ProblemException with {@link #MISSING}, {@link #AMBIGUOUS}, or {@link #INVALID} for a
   *     text that is not a token of this service
   */
  public static SessionToken token(List<String> headers) {
    if (headers.size() > 1) {
      throw new ProblemException(AMBIGUOUS);
    }
    var header = headers.isEmpty() ? "" : headers.get(0).strip();
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new ProblemException(MISSING);
    }
    var credentials = header.substring(SCHEME.length()).strip();
    if (credentials.indexOf(' ') >= 0 || credentials.indexOf(',') >= 0) {
      throw new ProblemException(AMBIGUOUS);
    }
    return SessionToken.parse(credentials).orElseThrow(() -> new ProblemException(INVALID));
  }
}
