package io.minilogin.api;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.ApiRequest.Body;
import io.minilogin.wechat.ApiRequest.Kept;
import io.minilogin.wechat.ApiRequest.Streamed;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The body of a caller's request. It is read into memory up to {@value #LARGEST_KEPT} bytes, so
 * that the call can be made once more; so is one that does not say its length, since WeChat wants
 * to be told. Any other is passed on as it comes.
 */
final class CallerBody {
  static final int LARGEST_KEPT = 1024 * 1024;
  static final int LARGEST = 10 * LARGEST_KEPT;

  private static final Problem TOO_LARGE =
      Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body is larger than what is read here.");
  private static final Problem NO_ROOM =
      Problem.of(
              ProblemType.WECHAT_BUSY,
              "There is no room for the body now: send it with a Content-Length, or later.")
          .retryAfter(Duration.ofSeconds(1));

  private final HttpServerRequest request;
  private final Optional<KeptBodies> memory;
  private final long largest;
  private final boolean isChunked;
  private final long announced;
  private long taken;
  private boolean isReading;

  /** Reads the body of a call to WeChat: up to {@value #LARGEST} bytes. */
  CallerBody(HttpServerRequest request, KeptBodies memory) {
    this(request, Optional.of(memory), LARGEST);
  }

  /** Reads the body of a request to the service itself. It is small and always kept. */
  CallerBody(HttpServerRequest request, int largest) {
    this(request, Optional.empty(), largest);
  }

  private CallerBody(HttpServerRequest request, Optional<KeptBodies> memory, long largest) {
    this.request = request;
    this.memory = memory;
    this.largest = largest;
    isChunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    announced = isChunked || length == null ? 0 : Long.parseLong(length);
  }

  /**
   * Reads it unless it is to be passed on as it comes. Fails with a problem when it is too large.
   */
  Uni<Body> read() {
    if (announced > largest) {
      return Uni.createFrom().failure(new ProblemException(TOO_LARGE));
    }
    if (!isChunked && (announced > LARGEST_KEPT || !take(announced))) {
      isReading = true;
      goOn();
      return Uni.createFrom().item(new Streamed(request, announced));
    }
    return Uni.createFrom().emitter(emitter -> collect(emitter::complete, emitter::fail));
  }

  private void collect(Consumer<Body> whole, Consumer<Throwable> failed) {
    var bytes = Buffer.buffer();
    Consumer<Throwable> end =
        failure -> {
          request.handler(rest -> {});
          failed.accept(failure);
        };
    request
        .handler(
            piece -> {
              var length = bytes.length() + piece.length();
              if (length > largest) {
                end.accept(new ProblemException(TOO_LARGE));
              } else if (length > taken && !take(length - taken)) {
                end.accept(new ProblemException(NO_ROOM));
              } else {
                bytes.appendBuffer(piece);
              }
            })
        .exceptionHandler(end::accept)
        .endHandler(all -> whole.accept(new Kept(bytes)));
    isReading = true;
    goOn();
    request.resume();
  }

  /** Whether more of it is to come, as fast as it is sent or as WeChat takes it. */
  boolean isReading() {
    return isReading && !request.isEnded();
  }

  private boolean take(long bytes) {
    var isTaken = memory.isEmpty() || memory.get().take(bytes);
    taken += isTaken ? bytes : 0;
    return isTaken;
  }

  /** What was kept is needed no more. */
  void release() {
    memory.ifPresent(it -> it.giveBack(taken));
    taken = 0;
  }

  private void goOn() {
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue();
    }
  }
}
