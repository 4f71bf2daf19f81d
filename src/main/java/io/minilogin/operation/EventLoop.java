package io.minilogin.operation;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Timers for {@code Uni.ifNoItem()} and the like on the event loop that the caller runs on.
 * Mutiny's own are on another thread, and to wake that up costs more than the timer.
 */
public final class EventLoop {
  private EventLoop() {}

  /** Those of the current event loop, Mutiny's where there is none. */
  public static ScheduledExecutorService timers() {
    return Vertx.currentContext() instanceof ContextInternal context
        ? context.nettyEventLoop()
        : Infrastructure.getDefaultWorkerPool();
  }
}
