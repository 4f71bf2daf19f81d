package io.minilogin.relay;

import io.minilogin.connection.WholeBody;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.ApiRequest.Body;
import io.minilogin.wechat.ApiRequest.Kept;
import io.minilogin.wechat.ApiRequest.Streamed;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;

/**
 * The body of a caller's request. A body of up to {@value #LARGEST_KEPT} bytes is read into memory
 * if {@link KeptBodies} has room, so that the call can be retried. A chunked body is read into
 * memory as well, because WeChat requires a Content-Length. Any other body is streamed, unless it
 * must be signed.
 */
final class CallerBody {
  static final int LARGEST_KEPT = 1024 * 1024;
  static final int LARGEST = 10 * LARGEST_KEPT;

  private static final Problem TOO_LARGE =
      Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body is larger than the limit.");
  private static final Problem TOO_LARGE_TO_SIGN =
      Problem.of(
              ProblemType.CONTENT_TOO_LARGE,
              "A body that the service signs has at most " + LARGEST_KEPT + " bytes.")
          .asErrorOfWechat(45002);

  private final HttpServerRequest request;
  private final KeptBodies memory;
  private final long largest;
  private final Problem tooLarge;
  private final boolean isStreamable;
  private final boolean isChunked;
  private final long announced;
  private long reserved;
  private boolean isReading;

  /** Reads the body of a call to WeChat, up to {@value #LARGEST} bytes. */
  CallerBody(HttpServerRequest request, KeptBodies memory) {
    this(request, memory, LARGEST, TOO_LARGE, true);
  }

  /**
   * Reads the body of a call to WeChat that must be signed, up to {@value #LARGEST_KEPT} bytes. The
   * body is always read into memory.
   */
  static CallerBody toSign(HttpServerRequest request, KeptBodies memory) {
    return new CallerBody(request, memory, LARGEST_KEPT, TOO_LARGE_TO_SIGN, false);
  }

  private CallerBody(
      HttpServerRequest request,
      KeptBodies memory,
      long largest,
      Problem tooLarge,
      boolean isStreamable) {
    this.request = request;
    this.memory = memory;
    this.largest = largest;
    this.tooLarge = tooLarge;
    this.isStreamable = isStreamable;
    isChunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    announced = isChunked || length == null ? 0 : Long.parseLong(length);
  }

  /**
   * Reads the body into memory or returns it as a stream. Fails with a problem if the body is too
   * large.
   */
  Uni<Body> read() {
    if (announced > largest) {
      return Uni.createFrom().failure(new ProblemException(tooLarge));
    }
    isReading = true;
    if (isStreamable && !isChunked && (announced > LARGEST_KEPT || !reserve(announced))) {
      WholeBody.sendContinue(request);
      return Uni.createFrom().item(new Streamed(request, announced));
    }
    return WholeBody.read(request, this::problem).map(Kept::new);
  }

  private Optional<Problem> problem(long length) {
    if (length > largest) {
      return Optional.of(tooLarge);
    }
    return length > reserved && !reserve(length - reserved)
        ? Optional.of(KeptBodies.NO_ROOM)
        : Optional.empty();
  }

  /** Whether the caller has not sent the whole body, although the service reads it. */
  boolean isAwaited() {
    return isReading && !request.isEnded() && !isHeldUp();
  }

  /** Whether WeChat takes a streamed body more slowly than the caller sends it. */
  private boolean isHeldUp() {
    return !((ConnectionBase) request.connection()).channel().config().isAutoRead();
  }

  private boolean reserve(long bytes) {
    var isReserved = memory.take(bytes);
    reserved += isReserved ? bytes : 0;
    return isReserved;
  }

  /** Releases the memory of the body. */
  void release() {
    memory.giveBack(reserved);
    reserved = 0;
  }
}
