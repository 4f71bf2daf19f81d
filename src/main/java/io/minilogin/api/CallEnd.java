package io.minilogin.api;

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
 * What ends a call before its time: the deadline, or the caller, who hangs up. Work that goes on
 * elsewhere, in a queue, cannot be cancelled from here; so each part of it has to ask.
 */
final class CallEnd {
  private static final Problem SLOW =
      Problem.of(
          ProblemType.REQUEST_TIMEOUT,
          "The body was not passed on, or the reply not read, in time.");

  private final CompletableFuture<Void> tooSoon = new CompletableFuture<>();
  private final ScheduledFuture<?> deadline;

  /**
   * A body or a reply that is too slow says nothing of whether WeChat is there: it is told apart
   * from a WeChat that does not answer.
   *
   * @param isReading whether the request is being read at the moment
   */
  CallEnd(HttpServerRequest request, Duration timeout, BooleanSupplier isReading) {
    deadline =
        EventLoop.timers()
            .schedule(
                () -> {
                  var isSlow = isReading.getAsBoolean() || request.response().headWritten();
                  tooSoon.completeExceptionally(
                      new ProblemException(isSlow ? SLOW : Refusal.TIMEOUT.problem()));
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    request
        .response()
        .closeHandler(closed -> tooSoon.completeExceptionally(new HttpClosedException("hung up")));
  }

  /**
   * Fails, and cancels the work, when the end comes first; does not begin it after the end. What
   * follows runs on the caller's context: the deadline runs in none.
   */
  <T> Uni<T> limits(Uni<T> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var end = Uni.createFrom().<T>completionStage(() -> tooSoon.thenApply(never -> null));
              return tooSoon.isDone() ? end : Uni.combine().any().of(work, end);
            })
        .emitOn(EventLoop.context());
  }

  /** There is nothing left to end. */
  void isOver() {
    deadline.cancel(false);
  }
}
