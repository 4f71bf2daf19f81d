package io.minilogin.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.minilogin.problem.ProblemException;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.minilogin.wechat.WechatRelay;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Optional;

/**
 * A reply of WeChat's API on its way to the caller. One that may be an error, which is JSON
 * whatever was asked for, is read first, up to {@value #LARGEST_ERROR} bytes; all others are passed
 * on as they come, and so is the rest of a larger one. An access token in it becomes illegible.
 *
 * @param token with which the call was made
 * @param beginning what has been read of the body
 * @param isWhole whether that is all of it
 * @param error what it says, if that is one
 */
record ApiReply(
    HttpClientResponse head,
    Secret token,
    Buffer beginning,
    boolean isWhole,
    Optional<Refused<ApiReply>> error) {
  private static final int LARGEST_ERROR = 64 * 1024;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /**
   * Reads what must be read before anything is passed on. Fails with a problem alone.
   *
   * @param head paused
   * @param isRid whether it may hold secrets, which must not be passed on
   */
  static Uni<ApiReply> read(HttpClientResponse head, Secret token, boolean isRid) {
    return length(head).filter(length -> length > WechatRelay.LARGEST_REPLY).isPresent()
        ? Uni.createFrom().failure(failed())
        : read(head, token)
            .map(
                reply -> {
                  if (isRid && !reply.isWhole) {
                    throw failed();
                  }
                  return isRid ? reply.with(RidReply.withoutSecrets(reply.beginning)) : reply;
                });
  }

  private static Uni<ApiReply> read(HttpClientResponse head, Secret token) {
    var type = Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("text/plain");
    return type.startsWith("text/") || type.contains("json")
        ? Uni.createFrom().emitter(emitter -> collect(head, token, emitter))
        : Uni.createFrom()
            .item(new ApiReply(head, token, Buffer.buffer(), false, Optional.empty()));
  }

  private static void collect(
      HttpClientResponse head, Secret token, UniEmitter<? super ApiReply> emitter) {
    var body = Buffer.buffer();
    head.handler(
            piece -> {
              body.appendBuffer(piece);
              if (body.length() > LARGEST_ERROR) {
                head.pause().handler(null);
                emitter.complete(new ApiReply(head, token, body, false, Optional.empty()));
              }
            })
        .exceptionHandler(e -> emitter.fail(failed()))
        .endHandler(
            end ->
                emitter.complete(
                    new ApiReply(head, token, body, true, WechatRelay.errorIn(body.getBytes()))))
        .resume();
  }

  private ApiReply with(Buffer other) {
    return new ApiReply(head, token, other, isWhole, error);
  }

  /** Passes it on, as fast as the caller takes it. The item comes when all of it has been sent. */
  Uni<Void> passOn(HttpServerResponse response) {
    response.setStatusCode(head.statusCode());
    for (var header : head.headers()) {
      if (isPassedOn(header.getKey()) && !header.getValue().contains(token.reveal())) {
        response.headers().add(header.getKey(), header.getValue());
      }
    }
    var blot = new Blot(token.reveal().getBytes(UTF_8));
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Runnable end =
                  () ->
                      response
                          .end(blot.rest())
                          .onSuccess(emitter::complete)
                          .onFailure(emitter::fail);
              if (isWhole) {
                announce(response, Optional.of((long) beginning.length()));
                write(response, blot.next(beginning));
                end.run();
              } else {
                announce(response, length(head));
                head.handler(passing(response, blot))
                    .exceptionHandler(e -> emitter.fail(failed()))
                    .endHandler(ended -> end.run());
                write(response, blot.next(beginning));
                head.resume();
              }
            });
  }

  private void announce(HttpServerResponse response, Optional<Long> length) {
    var hasBody = head.statusCode() != NO_CONTENT && head.statusCode() != NOT_MODIFIED;
    if (head.request().getMethod().equals(HttpMethod.HEAD)) {
      length(head).ifPresent(it -> response.putHeader(HttpHeaders.CONTENT_LENGTH, it.toString()));
    } else if (length.isPresent()) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, length.get().toString());
    } else if (hasBody) {
      response.setChunked(true);
    }
  }

  private Handler<Buffer> passing(HttpServerResponse response, Blot blot) {
    return piece -> {
      write(response, blot.next(piece));
      if (response.writeQueueFull()) {
        head.pause();
        response.drainHandler(drained -> head.resume());
      }
    };
  }

  private static void write(HttpServerResponse response, Buffer bytes) {
    if (bytes.length() > 0) {
      response.write(bytes);
    }
  }

  /** What tells of the body, but for its length and for where else it may be had. */
  static boolean isPassedOn(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    return name.startsWith("wechatmp-")
        || (name.startsWith("content-")
            && !name.equals("content-length")
            && !name.equals("content-location"));
  }

  private static Optional<Long> length(HttpClientResponse head) {
    return Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_LENGTH)).map(Long::valueOf);
  }

  private static ProblemException failed() {
    return new ProblemException(Refusal.FAILED.problem());
  }

  @Override
  public String toString() {
    return "ApiReply";
  }
}
