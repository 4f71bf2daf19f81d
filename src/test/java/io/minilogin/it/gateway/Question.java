package io.minilogin.it.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a gateway sends to {@code /verify}: a request line and header lines, to go out as they stand
 * here, in this order and spelling.
 *
 * @param headers as lines, {@code Name: value}
 */
record Question(String method, String target, List<String> headers) {
  static final String TOKEN = "{token}";
  private static final String AUTHORIZATION = "authorization";

  /** As a page shows it, with a placeholder for the token. */
  static Question of(String block) {
    var lines = block.lines().toList();
    var start = lines.get(0).split(" ", -1);
    return new Question(start[0], start[1], lines.subList(1, lines.size()));
  }

  /** The least that can be asked. */
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

  /** With its Authorization header there twice. */
  Question withTwoAuthorizations() {
    return withHeaders(
        Stream.concat(
            headers.stream(), headers.stream().filter(line -> isFor(AUTHORIZATION, line))));
  }

  /** With further header lines, in the place of those of the same names. */
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
