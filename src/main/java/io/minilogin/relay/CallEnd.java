package io.minilogin.relay;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.wechat.Refusal;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Cancels a call at its deadline or when the caller disconnects. Work that waits in a queue cannot
 * be cancelled from here, so each part of the work must be wrapped in {@link #limits}.
 */
final class CallEnd {
  private static final Problem SLOW =
      Problem.of(
          ProblemType.REQUEST_TIMEOUT,
          "The body was not sent, or the reply was not read, in time.");

  private final CompletableFuture<Void> canceled = new CompletableFuture<>();
  private final ScheduledFuture<?> deadline;

  /**
   * Starts the deadline. If the caller sends the body or reads the reply too slowly, the problem
   * differs from a timeout of WeChat, because it does not show that WeChat is down.
   *
   * @param isAwaited whether the caller has not sent the whole body
   */
  CallEnd(HttpServerRequest request, Duration timeout, BooleanSupplier isAwaited) {
    deadline =
        EventLoop.timers()
            .schedule(
                () -> {
                  var isSlow = isAwaited.getAsBoolean() || request.response().headWritten();
                  canceled.completeExceptionally(
                      new ProblemException(isSlow ? SLOW : Refusal.TIMEOUT.problem()));
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    var began = System.nanoTime();
    request
        .response()
        .closeHandler(
            closed -> {
              // RequestGuard closes the connection after this time.
              var isLate = System.nanoTime() - began >= Deadlines.REQUEST_PART.toNanos();
              canceled.completeExceptionally(
                  isLate && isAwaited.getAsBoolean()
                      ? new ProblemException(SLOW)
                      : new HttpClosedException("hung up"));
            });
  }

  /**
   * Fails and cancels the work at the deadline or when the caller disconnects. Does not start the
   * work after the deadline or the disconnect. Continues in the context of the caller, because the
   * timer of the deadline has no context.
   */
  <T> Uni<T> limits(Uni<T> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var end =
                  Uni.createFrom().<T>completionStage(() -> canceled.thenApply(never -> null));
              return canceled.isDone() ? end : Uni.combine().any().of(work, end);
            })
        .emitOn(EventLoop.context());
  }

  /** Cancels the deadline after the call is complete. */
  void isOver() {
    deadline.cancel(false);
  }
}
