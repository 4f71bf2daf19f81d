package io.minilogin.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.SessionToken;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The form that asks about a token or revokes it. Only its {@code token} matters: whatever {@code
 * token_type_hint} says, there is one type of token here. Read here, since RESTEasy's own forms
 * ({@code @RestForm}) never answer a request with a malformed escape.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-2.1">RFC 7662, section 2.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009, section 2.1</a>
 */
final class TokenForm {
  private TokenForm() {}

  /** Its token. Empty when that cannot be one of ours, a problem when there is not just one. */
  static Optional<SessionToken> token(byte[] form) {
    var tokens = new ArrayList<String>();
    for (var parameter : new String(form, ISO_8859_1).split("&", -1)) {
      var equals = parameter.indexOf('=');
      var name = equals < 0 ? parameter : parameter.substring(0, equals);
      if (decoded(name).equals("token")) {
        tokens.add(equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
      }
    }
    if (tokens.size() > 1) {
      throw invalid("The parameter \"token\" is there more than once.");
    }
    if (tokens.isEmpty() || tokens.get(0).isEmpty()) {
      throw invalid("The parameter \"token\" is missing in the form.");
    }
    return SessionToken.parse(tokens.get(0));
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid("The form is not application/x-www-form-urlencoded.");
    }
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(
        Problem.of(ProblemType.INVALID_REQUEST, detail).oauthError("invalid_request"));
  }
}
