package io.minilogin.connection;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Handles the body of a request that is answered without reading the body. Some gateways announce
 * the body of the request that they ask about, and most of them never send it: they only copy the
 * header. So the service does not wait for the body. The next bytes on the connection may be this
 * body or another request, so the connection is closed after the answer.
 */
public final class UnreadBody {
  private UnreadBody() {}

  /**
   * Closes the connection after the answer. Call this method before the answer. A no-op if there is
   * no body, or if the body has been read.
   */
  public static void dismiss(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    var isAnnounced =
        length != null
            ? !length.equals("0")
            : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    if (isAnnounced && !request.isEnded()) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      // A body that arrives anyway is dropped.
      request.resume();
    }
  }
}
