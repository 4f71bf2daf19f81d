package io.minilogin.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.clients.Credentials;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.SessionToken;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The form that asks about a token or revokes it. It may carry the client's credentials. All other
 * parameters are ignored, also {@code token_type_hint}: the service has one type of token. The
 * service parses the form itself, because RESTEasy's own forms ({@code @RestForm}) never answer a
 * request with a malformed escape.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7662#section-2.1">RFC 7662, section 2.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009, section 2.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1">RFC 6749, section 2.3.1</a>
 */
final class TokenForm {
  private static final String CLIENT_ID = "client_id";

  /** The values of each parameter, by its name. */
  private final Map<String, List<String>> parameters;

  private TokenForm(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /**
   * Parses the body of a request.
   *
   * @throws ProblemException 400 if the body has a malformed escape
   */
  static TokenForm parse(byte[] body) {
    // Netty would ignore everything after a number sign, and parameters above the limit.
    var form = new String(body, UTF_8).replace("#", "%23");
    try {
      return new TokenForm(
          new QueryStringDecoder(form, UTF_8, false, Integer.MAX_VALUE, true).parameters());
    } catch (IllegalArgumentException e) {
      throw invalid("The body is not valid application/x-www-form-urlencoded.");
    }
  }

  /**
   * Returns the token; empty for a text that is not a token of this service.
   *
   * @throws ProblemException 400 if the form does not have exactly one token
   */
  Optional<SessionToken> token() {
    return SessionToken.parse(only("token").orElseThrow(() -> missing("token")));
  }

  /**
   * Returns {@code client_id} and {@code client_secret}; empty without a secret.
   *
   * @throws ProblemException 400 if one of them is repeated, or for a secret without an id
   */
  Optional<Credentials> credentials() {
    var id = clientId();
    return only("client_secret")
        .map(secret -> new Credentials(id.orElseThrow(() -> missing(CLIENT_ID)), secret));
  }

  /**
   * Returns {@code client_id}, which a client may send with or without its secret.
   *
   * @throws ProblemException 400 if it is repeated
   */
  Optional<String> clientId() {
    return only(CLIENT_ID);
  }

  /** A parameter without a value counts as omitted (RFC 6749, section 3.2). */
  private Optional<String> only(String name) {
    var values = parameters.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw invalid("The parameter \"" + name + "\" appears more than once.");
    }
    return values.stream().findFirst().filter(value -> !value.isEmpty());
  }

  private static ProblemException missing(String name) {
    return invalid("The parameter \"" + name + "\" is missing in the body.");
  }

  private static ProblemException invalid(String detail) {
    return new ProblemException(
        Problem.of(ProblemType.INVALID_REQUEST, detail).oauthError("invalid_request"));
  }
}
