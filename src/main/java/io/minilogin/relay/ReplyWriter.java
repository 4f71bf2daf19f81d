package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Stream;

/** Forwards a reply to the caller. Masks the access token and session keys in the body. */
final class ReplyWriter {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final ApiReply reply;
  private final HttpClientResponse head;
  private final HttpServerResponse response;
  private final boolean hasFields;
  private final List<String> tokens;
  private final List<ValueRedactor> values;
  private final FieldRedactor fields;

  ReplyWriter(ApiReply reply, HttpServerResponse response) {
    this.reply = reply;
    this.response = response;
    head = reply.exchange().reply();
    hasFields = reply.isRecord() || reply.isJson();
    tokens = forms(reply.token().reveal());
    values = tokens.stream().map(form -> new ValueRedactor(form.getBytes(UTF_8))).toList();
    fields = reply.isRecord() ? FieldRedactor.ofRecords() : FieldRedactor.ofReplies();
  }

  /** Returns the token as it is, in a URL and in JSON. Most tokens have one form only. */
  private static List<String> forms(String token) {
    return Stream.of(token, URLEncoder.encode(token, UTF_8), token.replace("/", "\\/"))
        .distinct()
        .toList();
  }

  /** Forwards the reply at the speed of the caller. Completes when all of it has been sent. */
  Uni<Void> write() {
    response.setStatusCode(head.statusCode());
    RelayedHeaders.copy(
        head.headers(), response.headers(), value -> tokens.stream().noneMatch(value::contains));
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
    var visible = piece;
    for (var redactor : values) {
      visible = redactor.next(visible);
    }
    var masked = hasFields ? fields.next(visible) : visible;
    if (masked.length() > 0) {
      response.write(masked);
    }
  }

  private void end(UniEmitter<? super Void> emitter) {
    var rest = Buffer.buffer();
    for (var redactor : values) {
      rest = redactor.next(rest).appendBuffer(redactor.rest());
    }
    response
        .end(fields.next(rest).appendBuffer(fields.rest()))
        .onSuccess(emitter::complete)
        .onFailure(emitter::fail);
  }
}
