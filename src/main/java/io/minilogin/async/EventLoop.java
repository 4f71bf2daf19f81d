package io.minilogin.async;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** Timers and contexts of the event loop that the caller runs on. */
public final class EventLoop {
  private EventLoop() {}

  /**
   * Returns the timers for {@code Uni.ifNoItem()} and the like: those of the current event loop, or
   * Mutiny's if the caller does not run on an event loop. Mutiny's timers are on another thread,
   * and waking that thread costs more than the timer.
   */
  public static ScheduledExecutorService timers() {
    return Vertx.currentContext() instanceof ContextInternal context
        ? context.nettyEventLoop()
        : Infrastructure.getDefaultWorkerPool();
  }

  /** Completes after this time, in the context of the caller. */
  public static Uni<Void> delay(Duration time) {
    return Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .onExecutor(timers())
        .by(time)
        .emitOn(context());
  }

  /**
   * Limits the time of the work. After this time, cancels the work and fails with this exception. A
   * timer runs in no context, so the result is delivered in the context of the caller.
   */
  public static <T> Uni<T> limit(Duration time, Uni<T> work, Supplier<? extends Throwable> late) {
    return work.ifNoItem().after(time).on(timers()).failWith(late).emitOn(context());
  }

  /**
   * Returns an executor that runs tasks in the caller's current context, with its log fields.
   * Without a context, tasks run where they are executed.
   */
  public static Executor context() {
    var context = Vertx.currentContext();
    return task -> {
      if (context == null || context == Vertx.currentContext()) {
        task.run();
      } else {
        context.runOnContext(back -> task.run());
      }
    };
  }
}
