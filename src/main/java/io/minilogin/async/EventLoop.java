package io.minilogin.async;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

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
