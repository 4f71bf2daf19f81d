package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/** The parameters of a request. */
final class Query {
  private Query() {}

  /**
   * Decodes a query. Vert.x is not used: it ignores the case of names and treats a semicolon like
   * an ampersand.
   *
   * @throws IllegalArgumentException if a percent sign starts no octet
   */
  static Map<String, List<String>> decode(String uri) {
    return new QueryStringDecoder(uri, UTF_8, true, 100, true).parameters();
  }

  /** Returns the first value of a parameter; empty if it is missing. */
  static String first(Map<String, List<String>> query, String parameter) {
    return query.getOrDefault(parameter, List.of("")).get(0);
  }
}
