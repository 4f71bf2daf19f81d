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
 * A call of WeChat's API and the connection that it uses. {@link #end} ends the call. If the
 * request or the reply is incomplete by then, {@code end} closes the connection; otherwise WeChat
 * would read the next call on the connection as the rest of this request.
 */
public final class ApiExchange {
  private static final Set<HttpMethod> MAY_BE_WITHOUT_BODY =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

  /** Bytes of the body that are written at once. */
  private static final int PIECE = 16 * 1024;

  private @Nullable HttpClientRequest request;
  private Future<Void> sent = Future.failedFuture("not sent");
  private @Nullable HttpClientResponse reply;
  private boolean isOver;

  ApiExchange() {}

  /** Sends the call, or resets the request if the exchange ended before it got a connection. */
  synchronized Future<HttpClientResponse> send(HttpClientRequest made, ApiRequest call) {
    // The future of the reply reports the failure. Without a handler, Vert.x logs an error too.
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
      // A body that ends early must not end the request: WeChat would wait for the rest.
      return streamed.bytes().pipe().endOnFailure(false).to(request);
    }
    var bytes = ((Kept) call.body()).bytes();
    // Requests with these methods have no Content-Length if the body is empty.
    if (bytes.length() == 0 && MAY_BE_WITHOUT_BODY.contains(call.method())) {
      return request.end();
    }
    request.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
    Promise<Void> sent = Promise.promise();
    sendFrom(0, bytes, request, sent);
    return sent.future();
  }

  /** Sends the body in pieces: a piece is copied into direct memory until it has been sent. */
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

  /** Returns the head of WeChat's reply. Its body is paused and has not been read yet. */
  public synchronized HttpClientResponse reply() {
    if (reply == null) {
      throw new IllegalStateException("There is no reply yet");
    }
    return reply;
  }

  /** Ends the exchange if there is no reply yet. */
  synchronized void endUnanswered() {
    if (reply == null) {
      end();
    }
  }

  /** Ends the exchange. Callers use it after the reply was forwarded or dropped. */
  public synchronized void end() {
    var isComplete = sent.succeeded() && reply != null && reply.end().succeeded();
    if (request != null && !isOver && !isComplete) {
      request.connection().close();
    }
    isOver = true;
  }
}
