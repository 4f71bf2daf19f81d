package io.minilogin.it.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.stream.Stream;

/**
 * A request of a gateway to {@code /verify}. The request line and the header lines are sent
 * unchanged, with this order and spelling.
 *
 * @param headers header lines, {@code Name: value}
 */
record Question(String method, String target, List<String> headers) {
  static final String TOKEN = "{token}";
  private static final String AUTHORIZATION = "authorization";

  /** Parses a request from a page, where the token is a placeholder. */
  static Question of(String block) {
    var lines = block.lines().toList();
    var start = lines.get(0).split(" ", -1);
    return new Question(start[0], start[1], lines.subList(1, lines.size()));
  }

  /** Returns the minimal request. */
  static Question bare(String token) {
    return new Question(
        "GET", "/verify", List.of("Host: mini-login", "Authorization: Bearer " + token));
  }

  Question bearing(String token) {
    return withHeaders(headers.stream().map(line -> line.replace(TOKEN, token)));
  }

  Question withoutAuthorization() {
    return withHeaders(headers.stream().filter(line -> !isFor(AUTHORIZATION, line)));
  }

  /** Returns the request with two copies of its Authorization header. */
  Question withTwoAuthorizations() {
    return withHeaders(
        Stream.concat(
            headers.stream(), headers.stream().filter(line -> isFor(AUTHORIZATION, line))));
  }

  /** Returns the request with these header lines, which replace headers of the same names. */
  Question with(String... lines) {
    var others =
        headers.stream().filter(line -> Stream.of(lines).noneMatch(own -> isFor(name(own), line)));
    return withHeaders(Stream.concat(others, Stream.of(lines)));
  }

  Question withMethod(String other) {
    return new Question(other, target, headers);
  }

  Question withTarget(String other) {
    return new Question(method, other, headers);
  }

  byte[] bytes() {
    var request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    headers.forEach(line -> request.append(line).append("\r\n"));
    return request.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private Question withHeaders(Stream<String> lines) {
    return new Question(method, target, lines.toList());
  }

  private static boolean isFor(String name, String line) {
    return name(line).equalsIgnoreCase(name);
  }

  private static String name(String line) {
    return line.substring(0, line.indexOf(':'));
  }
}
