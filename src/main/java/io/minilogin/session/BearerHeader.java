package io.minilogin.session;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a request's Authorization headers say, before anybody is asked whether the token is good.
 */
public sealed interface BearerHeader {
  Pattern BEARER = Pattern.compile("bearer(?: +(.*))?", Pattern.CASE_INSENSITIVE);

  /** No header, or one of a scheme that isn't ours. */
  record Missing() implements BearerHeader {}

  /** There is no telling which token is meant. */
  record Ambiguous() implements BearerHeader {}

  /** A token that cannot be one of ours. */
  record Foreign() implements BearerHeader {}

  record Given(SessionToken token) implements BearerHeader {}

  static BearerHeader of(List<String> headers) {
    if (headers.size() > 1) {
      return new Ambiguous();
    }
    var bearer = BEARER.matcher(headers.isEmpty() ? "" : headers.get(0).strip());
    if (!bearer.matches() || bearer.group(1) == null) {
      return new Missing();
    }
    var credentials = bearer.group(1).strip();
    if (credentials.indexOf(' ') >= 0 || credentials.indexOf(',') >= 0) {
      return new Ambiguous();
    }
    return SessionToken.parse(credentials).<BearerHeader>map(Given::new).orElseGet(Foreign::new);
  }
}
