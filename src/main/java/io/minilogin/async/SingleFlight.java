package io.minilogin.async;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Single flight: callers who ask for the same work at the same time share one run of it within this
 * instance. A caller that disconnects does not cancel the run.
 */
public final class SingleFlight<K, T> {
  private final ConcurrentMap<K, Uni<T>> underWay = new ConcurrentHashMap<>();

  /**
   * Joins the work under way for this key, or starts this work, which must have its own deadline.
   */
  public Uni<T> join(K key, Supplier<Uni<T>> work) {
    return underWay
        .computeIfAbsent(
            key,
            absent ->
                Uni.createFrom()
                    .deferred(work::get)
                    .onTermination()
                    .invoke(() -> underWay.remove(key))
                    .memoize()
                    .indefinitely())
        .emitOn(EventLoop.context());
  }

  /** Returns whether work for this key is under way. */
  public boolean isUnderWay(K key) {
    return underWay.containsKey(key);
  }
}
