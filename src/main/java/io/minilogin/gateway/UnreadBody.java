package io.minilogin.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;

/**
 * The body that some gateways announce when they ask about a request that has one. Most never send
 * it: they copy the header and mean nothing by it. So it is not waited for, and since there is no
 * telling whether what comes next on the connection is that body or another request, the connection
 * ends. What is sent all the same is read and dropped for a while, because to close at once would
 * reset the connection under the answer.
 */
@Singleton
class UnreadBody {
  private static final long LINGER_MILLIS = 1000;

  private final Vertx vertx;

  UnreadBody(Vertx vertx) {
    this.vertx = vertx;
  }

  /** To be called before the answer is written. */
  void dismiss(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_1 && isAnnounced(request)) {
      var connection = request.connection();
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      var timer = vertx.setTimer(LINGER_MILLIS, late -> connection.close());
      connection.closeHandler(closed -> vertx.cancelTimer(timer));
      request.endHandler(end -> closeAfter(request.response(), connection));
      request.resume();
    }
  }

  private static void closeAfter(HttpServerResponse response, HttpConnection connection) {
    if (response.ended()) {
      connection.close();
    } else {
      response.endHandler(sent -> connection.close());
    }
  }

  private static boolean isAnnounced(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null
        ? !length.equals("0")
        : request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }
}
