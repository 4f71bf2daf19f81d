package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;

/** Forwards a reply to the caller. Masks the access token and session keys in the body. */
final class ReplyWriter {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final ApiReply reply;
  private final HttpClientResponse head;
  private final HttpServerResponse response;
  private final boolean hasFields;
  private final ValueRedactor values;
  private final FieldRedactor fields;

  ReplyWriter(ApiReply reply, HttpServerResponse response) {
    this.reply = reply;
    this.response = response;
    head = reply.exchange().reply();
    hasFields = reply.isRecord() || reply.isJson();
    values = new ValueRedactor(reply.token().reveal().getBytes(UTF_8));
    fields = reply.isRecord() ? FieldRedactor.ofRecords() : FieldRedactor.ofReplies();
  }

  /** Forwards the reply at the speed of the caller. Completes when all of it has been sent. */
  Uni<Void> write() {
    var token = reply.token().reveal();
    response.setStatusCode(head.statusCode());
    RelayedHeaders.copy(head.headers(), response.headers(), value -> !value.contains(token));
    setLength();
    return Uni.createFrom()
        .emitter(
            emitter -> {
              if (reply.isWhole()) {
                write(reply.beginning());
                end(emitter);
              } else {
                head.handler(this::forward)
                    .exceptionHandler(e -> emitter.fail(ApiReply.failed()))
                    .endHandler(ended -> end(emitter));
                write(reply.beginning());
                head.resume();
              }
            });
  }

  private void setLength() {
    var length = reply.length();
    var hasBody =
        !head.request().getMethod().equals(HttpMethod.HEAD)
            && head.statusCode() != NO_CONTENT
            && head.statusCode() != NOT_MODIFIED;
    if (reply.isWhole() && hasBody) {
      setLength(reply.beginning().length());
    } else if (length.isPresent()) {
      setLength(length.get());
    } else if (hasBody) {
      response.setChunked(true);
    }
  }

  private void setLength(long length) {
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
  }

  private void forward(Buffer piece) {
    write(piece);
    if (response.writeQueueFull()) {
      head.pause();
      response.drainHandler(drained -> head.resume());
    }
  }

  private void write(Buffer piece) {
    var visible = values.next(piece);
    var masked = hasFields ? fields.next(visible) : visible;
    if (masked.length() > 0) {
      response.write(masked);
    }
  }

  private void end(UniEmitter<? super Void> emitter) {
    response
        .end(fields.next(values.rest()).appendBuffer(fields.rest()))
        .onSuccess(emitter::complete)
        .onFailure(emitter::fail);
  }
}
