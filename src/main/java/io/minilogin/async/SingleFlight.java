package io.minilogin.async;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Work that is done once within this instance however many ask for it at the same time. It belongs
 * to none of them: whoever hangs up does not end it.
 */
public final class SingleFlight<K, T> {
  private final ConcurrentMap<K, Uni<T>> underWay = new ConcurrentHashMap<>();

  /**
   * The outcome of the work under this key: of the one under way, else of this one, which starts
   * when somebody subscribes. The work must have a deadline of its own.
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
