package io.minilogin.connection;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Optional;

/** Checks and corrects the heads of requests and responses for {@link RequestGuard}. */
final class MessageHeads {
  static final Problem MALFORMED =
      Problem.of(ProblemType.INVALID_REQUEST, "The request is not valid HTTP.");

  private static final Problem NO_TUNNEL =
      Problem.of(ProblemType.METHOD_NOT_ALLOWED, "CONNECT is not supported.");

  private static final Problem LONG_LINE =
      Problem.of(ProblemType.URI_TOO_LONG, "The request line is larger than the limit.");

  private static final Problem LARGE_HEADERS =
      Problem.of(ProblemType.HEADERS_TOO_LARGE, "The headers are larger than the limit.");

  private MessageHeads() {}

  /** Returns the problem of a request that Vert.x would not handle correctly. */
  static Optional<Problem> problem(HttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return Optional.of(malformed(request.decoderResult().cause()));
    }
    if (request.method().equals(HttpMethod.CONNECT)) {
      return Optional.of(NO_TUNNEL);
    }
    return hasUnknownVersion(request) || hasUnknownCoding(request) || hasSeveralHosts(request)
        ? Optional.of(MALFORMED)
        : Optional.empty();
  }

  private static boolean hasUnknownVersion(HttpRequest request) {
    var version = request.protocolVersion();
    return !version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0);
  }

  private static Problem malformed(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return LONG_LINE;
    }
    return cause instanceof TooLongHttpHeaderException ? LARGE_HEADERS : MALFORMED;
  }

  /**
   * Replaces a request target in absolute form by its path and query.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2">RFC 9112, section 3.2.2</a>
   */
  static void toOriginForm(HttpRequest request) {
    var target = request.uri();
    if (target.regionMatches(true, 0, "http://", 0, 7)
        || target.regionMatches(true, 0, "https://", 0, 8)) {
      var authority = target.indexOf("//") + 2;
      var end = authority;
      while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
        end++;
      }
      var rest = target.substring(end);
      request.setUri(rest.startsWith("/") ? rest : "/" + rest);
    }
  }

  /**
   * Ends the connection after an HTTP/1.0 request that announces a body: a body that is announced
   * but never sent would swallow the next request. If such a request asks to keep the connection,
   * Vert.x keeps it whatever the response says.
   */
  static void endAfterAnnouncedBody(HttpRequest request) {
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        && (HttpUtil.isContentLengthSet(request) || HttpUtil.isTransferEncodingChunked(request))) {
      request.headers().remove(CONNECTION);
    }
  }

  /**
   * Ends the connection after an HTTP/1.0 response without a length: HTTP/1.0 has no chunks, so
   * only the end of the connection marks the end of the response.
   */
  static void endAfterUnknownLength(HttpResponse response) {
    if (response.protocolVersion().equals(HttpVersion.HTTP_1_0)
        && !HttpUtil.isContentLengthSet(response)) {
      response.headers().set(CONNECTION, CLOSE);
    }
  }

  /**
   * Returns whether the request has a transfer coding other than chunked. Netty's decoder treats
   * any list that contains "chunked" as chunked, and expects no body after any other coding.
   */
  private static boolean hasUnknownCoding(HttpRequest request) {
    var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return !codings.isEmpty()
        && (codings.size() > 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0).strip()));
  }

  /**
   * Returns whether this is an interim response, such as 100 or 103, which the final response
   * follows.
   */
  static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  /**
   * Returns whether the request has several Host headers. The server and a gateway could each use a
   * different one.
   */
  private static boolean hasSeveralHosts(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.HOST).size() > 1;
  }
}
