package io.minilogin.check;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * The body that some gateways announce when they ask about a request that has one. Most never send
 * it: they copy the header and mean nothing by it. So it is not waited for, and since there is no
 * telling whether what comes next on the connection is that body or another request, the connection
 * ends with the answer.
 */
final class UnreadBody {
  private UnreadBody() {}

  /** To be called before the answer is written. */
  static void dismiss(HttpServerRequest request) {
    if (isAnnounced(request)) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      // What is sent all the same is dropped.
      request.resume();
    }
  }

  private static boolean isAnnounced(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null
        ? !length.equals("0")
        : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }
}
