package io.minilogin.http;

import static io.netty.handler.codec.http.HttpHeaderNames.CONNECTION;
import static io.netty.handler.codec.http.HttpHeaderValues.CLOSE;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** What {@link RequestGuard} reads and corrects in the heads of requests and responses. */
final class MessageHeads {
  private MessageHeads() {}

  /**
   * A target in absolute form means the path in it.
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
   * With HTTP/1.0 the next request would be swallowed by a body that was announced and never sent:
   * there Vert.x says that the connection is kept whatever the answer says.
   */
  static void endAfterAnnouncedBody(HttpRequest request) {
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)
        && (HttpUtil.isContentLengthSet(request) || HttpUtil.isTransferEncodingChunked(request))) {
      request.headers().remove(CONNECTION);
    }
  }

  /** HTTP/1.0 has no chunks: an answer without a length lasts until the connection ends. */
  static void endAfterUnknownLength(HttpResponse response) {
    if (response.protocolVersion().equals(HttpVersion.HTTP_1_0)
        && !HttpUtil.isContentLengthSet(response)) {
      response.headers().set(CONNECTION, CLOSE);
    }
  }

  /** Netty's decoder takes any list with "chunked" in it for chunked, and no other for a body. */
  static boolean hasUnknownCoding(HttpRequest request) {
    var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return !codings.isEmpty()
        && (codings.size() > 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0).strip()));
  }

  /** A 100 or 103, after which the answer is still to come. */
  static boolean isInterim(Object message) {
    return message instanceof HttpResponse response
        && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }

  /** The server could take one of them and a gateway another. */
  static boolean hasSeveralHosts(HttpRequest request) {
    return request.headers().getAll(HttpHeaderNames.HOST).size() > 1;
  }
}
