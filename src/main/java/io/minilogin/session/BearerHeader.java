package io.minilogin.session;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import java.util.List;

/**
 * What a request's Authorization headers say, before anybody is asked whether the token is good.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 */
public sealed interface BearerHeader {

  /** A token, which may be good. */
  record Given(SessionToken token) implements BearerHeader {}

  /** No token that could be one of ours, and what to say of that. */
  record Bad(Problem problem) implements BearerHeader {}

  String SCHEME = "bearer ";

  /** A request without any credentials gets no error code (RFC 6750, section 3.1). */
  String CHALLENGE = "Bearer realm=\"mini-login\"";

  /** No header, or one of a scheme that isn't ours. */
  Problem MISSING =
      Problem.of(ProblemType.TOKEN_MISSING, "Send the token as \"Authorization: Bearer …\".")
          .challenge(CHALLENGE);

  /** Also of a token that no session has. */
  Problem INVALID =
      Problem.of(ProblemType.TOKEN_INVALID, "No session has this token.")
          .challenge(CHALLENGE + ", error=\"invalid_token\"");

  /** There is no telling which token is meant. */
  Problem AMBIGUOUS =
      Problem.of(
          ProblemType.INVALID_REQUEST, "The Authorization header must hold exactly one token.");

  static BearerHeader of(List<String> headers) {
    if (headers.size() > 1) {
      return new Bad(AMBIGUOUS);
    }
    var header = headers.isEmpty() ? "" : headers.get(0).strip();
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Bad(MISSING);
    }
    var credentials = header.substring(SCHEME.length()).strip();
    if (credentials.indexOf(' ') >= 0 || credentials.indexOf(',') >= 0) {
      return new Bad(AMBIGUOUS);
    }
    return SessionToken.parse(credentials)
        .<BearerHeader>map(Given::new)
        .orElseGet(() -> new Bad(INVALID));
  }
}
