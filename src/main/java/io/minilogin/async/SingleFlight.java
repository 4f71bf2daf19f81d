package io.minilogin.async;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Single flight: callers who ask for the same work at the same time share one run of it within this
 * instance. The run belongs to none of them: a caller that hangs up does not end it.
 */
public final class SingleFlight<K, T> {
  private final ConcurrentMap<K, Uni<T>> underWay = new ConcurrentHashMap<>();

  /**
   * Joins the work under way for this key, or starts this one. The work must have a deadline of its
   * own.
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

  /** Whether there is work under way for this key. */
  public boolean isUnderWay(K key) {
    return underWay.containsKey(key);
  }
}
