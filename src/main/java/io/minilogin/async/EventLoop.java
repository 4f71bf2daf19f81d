package io.minilogin.async;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/** The event loop that the caller runs on. */
public final class EventLoop {
  private EventLoop() {}

  /**
   * Timers for {@code Uni.ifNoItem()} and the like: those of the current event loop, Mutiny's where
   * there is none. Those are on another thread, and to wake that up costs more than the timer.
   */
  public static ScheduledExecutorService timers() {
    return Vertx.currentContext() instanceof ContextInternal context
        ? context.nettyEventLoop()
        : Infrastructure.getDefaultWorkerPool();
  }

  /** Completes after this time, on the context that the caller runs in. */
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
   * Limits the time of the work: after it, the work is cancelled and the result is this failure. A
   * timer runs in no context, so what follows is brought back to the caller's.
   */
  public static <T> Uni<T> limit(Duration time, Uni<T> work, Supplier<? extends Throwable> late) {
    return work.ifNoItem().after(time).on(timers()).failWith(late).emitOn(context());
  }

  /**
   * Brings what happens elsewhere back to the context that the caller runs in now, with its log
   * fields; does nothing where there is none.
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
