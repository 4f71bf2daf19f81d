package io.minilogin.api;

import io.minilogin.async.EventLoop;
import io.minilogin.problem.ProblemException;
import io.minilogin.wechat.Refusal;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What ends a call before its time: the deadline, or the caller, who hangs up. Work that goes on
 * elsewhere, in a queue, cannot be cancelled from here; so each part of it has to ask.
 */
final class CallEnd {
  private final CompletableFuture<Void> tooSoon = new CompletableFuture<>();
  private final ScheduledFuture<?> deadline;

  CallEnd(HttpServerRequest request, Duration timeout) {
    deadline =
        EventLoop.timers()
            .schedule(
                () ->
                    tooSoon.completeExceptionally(new ProblemException(Refusal.TIMEOUT.problem())),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    request
        .response()
        .closeHandler(closed -> tooSoon.completeExceptionally(new HttpClosedException("hung up")));
  }

  /** Fails, and cancels the work, when the end comes first; does not begin it after the end. */
  <T> Uni<T> limits(Uni<T> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var end = Uni.createFrom().<T>completionStage(() -> tooSoon.thenApply(never -> null));
              return tooSoon.isDone() ? end : Uni.combine().any().of(work, end);
            });
  }

  /** There is nothing left to end. */
  void isOver() {
    deadline.cancel(false);
  }
}
