package io.minilogin.connection;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.LongFunction;

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
    return read(request, bytes -> bytes > limit ? Optional.of(TOO_LARGE) : Optional.empty());
  }

  /**
   * Returns the body. Fails with the first problem that the check finds; the rest of the body is
   * dropped then, as above.
   *
   * @param check returns the problem of a body with at least this number of bytes, if there is one
   */
  public static Uni<Buffer> read(HttpServerRequest request, LongFunction<Optional<Problem>> check) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              var body = Buffer.buffer();
              sendContinue(request);
              request
                  .handler(
                      piece -> {
                        var problem = check.apply((long) body.length() + piece.length());
                        if (problem.isPresent()) {
                          request.handler(rest -> {});
                          emitter.fail(new ProblemException(problem.get()));
                        } else {
                          body.appendBuffer(piece);
                        }
                      })
                  .exceptionHandler(emitter::fail)
                  .endHandler(end -> emitter.complete(body))
                  .resume();
            });
  }

  /** Asks for the body of a request with {@code Expect: 100-continue}. */
  public static void sendContinue(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue();
    }
  }
}
