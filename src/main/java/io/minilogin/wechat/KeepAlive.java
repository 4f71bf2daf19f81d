package io.minilogin.wechat;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Limits how long the client keeps an idle connection to WeChat: half of the keep-alive timeout
 * that the server announces. The client would keep it for the whole timeout and up to a second
 * longer, and a login whose request arrives while the server closes the connection loses its code.
 * {@code quarkus.rest-client.wechat.connection-ttl} is the limit for servers that announce no
 * timeout or a longer timeout.
 */
final class KeepAlive {
  private static final String HEADER = "keep-alive";
  private static final Pattern TIMEOUT = Pattern.compile("timeout *= *(\\d{1,6})");

  private KeepAlive() {}

  /**
   * Halves the timeout in the headers of a reply.
   *
   * @param maxSeconds the limit for any timeout, which the client itself applies
   */
  static void shorten(HttpHeaders headers, int maxSeconds) {
    announced(headers).ifPresent(seconds -> set(headers, seconds / 2, maxSeconds));
  }

  private static Optional<Integer> announced(HttpHeaders headers) {
    return Optional.ofNullable(headers.get(HEADER))
        .map(TIMEOUT::matcher)
        .filter(timeout -> timeout.find())
        .map(timeout -> Integer.valueOf(timeout.group(1)));
  }

  private static void set(HttpHeaders headers, int seconds, int maxSeconds) {
    headers.remove(HEADER);
    if (seconds < 1) {
      headers.set(CONNECTION, CLOSE);
    } else if (seconds < maxSeconds) {
      // Vert.x does not parse numbers that contain a nine.
      headers.set(HEADER, "timeout=" + String.valueOf(seconds).replace('9', '8'));
    }
  }
}
