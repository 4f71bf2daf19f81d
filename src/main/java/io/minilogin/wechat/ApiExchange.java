package io.minilogin.wechat;

import io.minilogin.wechat.ApiRequest.Kept;
import io.minilogin.wechat.ApiRequest.Streamed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call of WeChat's API on its connection. {@link #end} ends it: if the request or the reply is
 * incomplete then, the connection is closed. Otherwise WeChat would read the next call on it as the
 * rest of this request.
 */
public final class ApiExchange {
  private static final Set<HttpMethod> MAY_BE_WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

  /** Bytes. */
  private static final int PIECE = 16 * 1024;

  private @Nullable HttpClientRequest request;
  private Future<Void> sent = Future.failedFuture("not sent");
  private @Nullable HttpClientResponse reply;
  private boolean isOver;

  ApiExchange() {}

  /** Sends the call, unless the exchange has ended before it got a connection. */
  synchronized Future<HttpClientResponse> send(HttpClientRequest made, ApiRequest call) {
    // The future of the reply fails as well; without a handler it is an error in the log.
    made.exceptionHandler(failure -> {});
    if (isOver) {
      made.reset();
    } else {
      request = made;
      made.headers().addAll(call.headers());
      sent = sent(made, call);
    }
    return made.response();
  }

  private static Future<Void> sent(HttpClientRequest request, ApiRequest call) {
    if (call.body() instanceof Streamed streamed) {
      request.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(streamed.length()));
      // A body that ends early must not end the request: WeChat would wait for the rest of it.
      return streamed.bytes().pipe().endOnFailure(false).to(request);
    }
    var bytes = ((Kept) call.body()).bytes();
    // For these methods an empty body is sent without a Content-Length.
    if (bytes.length() == 0 && MAY_BE_WITHOUT_BODY.contains(call.method())) {
      return request.end();
    }
    request.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
    Promise<Void> sent = Promise.promise();
    sendFrom(0, bytes, request, sent);
    return sent.future();
  }

  /** In pieces, since each of them is copied into direct memory until it has been sent. */
  private static void sendFrom(
      int begin, Buffer bytes, HttpClientRequest request, Promise<Void> sent) {
    var from = begin;
    while (bytes.length() - from > PIECE) {
      request.write(bytes.slice(from, from + PIECE));
      from += PIECE;
      if (request.writeQueueFull()) {
        var next = from;
        request.drainHandler(drained -> sendFrom(next, bytes, request, sent));
        return;
      }
    }
    request.end(bytes.slice(from, bytes.length())).onComplete(sent);
  }

  synchronized void isAnswered(HttpClientResponse head) {
    reply = head;
  }

  /** The head of WeChat's reply, whose body is still to be read: it is paused. */
  public synchronized HttpClientResponse reply() {
    if (reply == null) {
      throw new IllegalStateException("There is no reply yet");
    }
    return reply;
  }

  /** Ends what has no reply yet. */
  synchronized void endUnanswered() {
    if (reply == null) {
      end();
    }
  }

  /** Ends the exchange. It is called when the reply has been passed on, or will not be. */
  public synchronized void end() {
    var isComplete = sent.succeeded() && reply != null && reply.end().succeeded();
    if (request != null && !isOver && !isComplete) {
      request.connection().close();
    }
    isOver = true;
  }
}
