package io.minilogin.check;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * The body of a request that is answered without reading it. Some gateways announce the body of the
 * request that they ask about, and most never send it: they copy the header and mean nothing by it.
 * So it is not waited for, and since there is no telling whether what comes next on the connection
 * is that body or another request, the connection ends with the answer.
 */
public final class UnreadBody {
  private UnreadBody() {}

  /** To be called before the answer. Does nothing if there is no body, or if it has been read. */
  public static void dismiss(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    var isAnnounced =
        length != null
            ? !length.equals("0")
            : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    if (isAnnounced && !request.isEnded()) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      // What is sent all the same is dropped.
      request.resume();
    }
  }
}
