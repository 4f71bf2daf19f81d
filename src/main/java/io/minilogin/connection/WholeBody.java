package io.minilogin.connection;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads the whole body of a request into memory, up to a limit. */
public final class WholeBody {
  private static final Problem TOO_LARGE =
      Problem.of(ProblemType.CONTENT_TOO_LARGE, "The body is larger than the limit.");

  private WholeBody() {}

  /**
   * Returns the body. Fails with {@code content-too-large} if it is larger than the limit; the rest
   * of the body is dropped then, and the caller closes the connection ({@link UnreadBody}).
   *
   * @param limit in bytes
   */
  public static Uni<Buffer> read(HttpServerRequest request, int limit) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && Long.parseLong(length) > limit) {
      return Uni.createFrom().failure(new ProblemException(TOO_LARGE));
    }
    return Uni.createFrom()
        .emitter(emitter -> collect(request, limit, emitter::complete, emitter::fail));
  }

  private static void collect(
      HttpServerRequest request, int limit, Consumer<Buffer> whole, Consumer<Throwable> failed) {
    var body = Buffer.buffer();
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue();
    }
    request
        .handler(
            piece -> {
              if (body.length() + piece.length() > limit) {
                request.handler(rest -> {});
                failed.accept(new ProblemException(TOO_LARGE));
              } else {
                body.appendBuffer(piece);
              }
            })
        .exceptionHandler(failed::accept)
        .endHandler(end -> whole.accept(body))
        .resume();
  }
}
