package io.minilogin.session;

import java.util.List;

/**
 * What a request's Authorization headers say, before anybody is asked whether the token is good.
 */
public sealed interface BearerHeader {
  String SCHEME = "bearer ";

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
    var header = headers.isEmpty() ? "" : headers.get(0).strip();
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Missing();
    }
    var credentials = header.substring(SCHEME.length()).strip();
    if (credentials.indexOf(' ') >= 0 || credentials.indexOf(',') >= 0) {
      return new Ambiguous();
    }
    return SessionToken.parse(credentials).<BearerHeader>map(Given::new).orElseGet(Foreign::new);
  }
}
