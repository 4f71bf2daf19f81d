package io.minilogin.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.minilogin.problem.ProblemException;
import io.minilogin.wechat.ApiExchange;
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
import java.util.function.UnaryOperator;

/**
 * A reply of WeChat's API on its way to the caller. WeChat sends errors as JSON for all paths. A
 * reply that may be such an error is read first, up to {@value #LARGEST_ERROR} bytes. Other
 * replies, and the rest of a longer reply, are streamed. The access token and session keys in the
 * body are masked.
 *
 * @param token the access token of the call
 * @param isRecord whether the body quotes an earlier call, which may contain secrets
 * @param beginning the part of the body that has been read
 * @param isWhole whether {@code beginning} is the whole body
 * @param error the error in the body, if any
 */
record ApiReply(
    ApiExchange exchange,
    Secret token,
    boolean isRecord,
    Buffer beginning,
    boolean isWhole,
    Optional<Refused<ApiReply>> error) {
  private static final int LARGEST_ERROR = 64 * 1024;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /**
   * The path of the call that returns WeChat's record of an earlier call.
   *
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/openApi-mgnt/getRidInfo.html">getRidInfo</a>
   */
  private static final String RECORD = "/cgi-bin/openapi/rid/get";

  /** Thrown for a reply of WeChat that is too large to be forwarded. */
  static final class TooLargeException extends ProblemException {
    private static final long serialVersionUID = 1;

    TooLargeException() {
      super(Refusal.FAILED.problem());
    }
  }

  /**
   * Reads the part of the reply that is needed before it is forwarded. Fails only with a problem.
   */
  static Uni<ApiReply> read(ApiExchange exchange, Secret token, String path) {
    var head = exchange.reply();
    if (length(head).filter(length -> length > WechatRelay.LARGEST_REPLY).isPresent()) {
      return Uni.createFrom().failure(new TooLargeException());
    }
    var begun =
        new ApiReply(
            exchange,
            token,
            path.toLowerCase(Locale.ROOT).equals(RECORD),
            Buffer.buffer(),
            false,
            Optional.empty());
    return isText(head)
        ? Uni.createFrom().emitter(emitter -> begun.collect(emitter))
        : Uni.createFrom().item(begun);
  }

  private void collect(UniEmitter<? super ApiReply> emitter) {
    var head = exchange.reply();
    head.handler(
            piece -> {
              beginning.appendBuffer(piece);
              if (beginning.length() > LARGEST_ERROR) {
                head.pause().handler(null);
                emitter.complete(this);
              }
            })
        .exceptionHandler(e -> emitter.fail(failed()))
        .endHandler(
            end ->
                emitter.complete(
                    new ApiReply(
                        exchange,
                        token,
                        isRecord,
                        beginning,
                        true,
                        WechatRelay.errorIn(beginning.getBytes()))))
        .resume();
  }

  boolean isRefused(Refusal refusal) {
    return error.filter(it -> it.isRefused(refusal)).isPresent();
  }

  /** Forwards the reply at the speed of the caller. Completes when all of it has been sent. */
  Uni<Void> passOn(HttpServerResponse response) {
    var head = exchange.reply();
    response.setStatusCode(head.statusCode());
    for (var header : head.headers()) {
      if (isPassedOn(header.getKey()) && !header.getValue().contains(token.reveal())) {
        response.headers().add(header.getKey(), header.getValue());
      }
    }
    var blot = new ValueRedactor(token.reveal().getBytes(UTF_8));
    var redactor = isRecord ? FieldRedactor.ofRecords() : FieldRedactor.ofReplies();
    UnaryOperator<Buffer> masked =
        isRecord || isText(head) ? piece -> redactor.next(blot.next(piece)) : blot::next;
    return Uni.createFrom()
        .emitter(
            emitter -> {
              Runnable end =
                  () ->
                      response
                          .end(redactor.next(blot.rest()).appendBuffer(redactor.rest()))
                          .onSuccess(emitter::complete)
                          .onFailure(emitter::fail);
              if (isWhole) {
                setLength(response, Optional.of((long) beginning.length()));
                write(response, masked.apply(beginning));
                end.run();
              } else {
                setLength(response, length(head));
                head.handler(forwarding(response, masked))
                    .exceptionHandler(e -> emitter.fail(failed()))
                    .endHandler(ended -> end.run());
                write(response, masked.apply(beginning));
                head.resume();
              }
            });
  }

  private void setLength(HttpServerResponse response, Optional<Long> length) {
    var head = exchange.reply();
    var hasBody = head.statusCode() != NO_CONTENT && head.statusCode() != NOT_MODIFIED;
    if (head.request().getMethod().equals(HttpMethod.HEAD)) {
      length(head).ifPresent(it -> response.putHeader(HttpHeaders.CONTENT_LENGTH, it.toString()));
    } else if (length.isPresent()) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, length.get().toString());
    } else if (hasBody) {
      response.setChunked(true);
    }
  }

  private Handler<Buffer> forwarding(HttpServerResponse response, UnaryOperator<Buffer> masked) {
    var head = exchange.reply();
    return piece -> {
      write(response, masked.apply(piece));
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

  /**
   * Whether the header is forwarded: headers of the body except {@code Content-Length} and {@code
   * Content-Location}, and WeChat's own.
   */
  static boolean isPassedOn(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    return name.startsWith("wechatmp-")
        || (name.startsWith("content-")
            && !name.equals("content-length")
            && !name.equals("content-location"));
  }

  private static boolean isText(HttpClientResponse head) {
    var type = Optional.ofNullable(head.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("text/plain");
    return type.startsWith("text/") || type.contains("json");
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
