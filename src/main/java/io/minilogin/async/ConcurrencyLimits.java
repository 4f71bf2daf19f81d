package io.minilogin.async;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Limits how much work of each kind is under way on this instance. There must be few kinds, because
 * an entry is kept for each.
 */
public final class ConcurrencyLimits<K> {
  private final Map<K, AtomicInteger> underWay = new ConcurrentHashMap<>();
  private final int most;
  private final Supplier<? extends Throwable> busy;

  /**
   * Creates limits without work under way.
   *
   * @param most the limit of each kind
   * @param busy the failure of work over the limit
   */
  public ConcurrencyLimits(int most, Supplier<? extends Throwable> busy) {
    this.most = most;
    this.busy = busy;
  }

  /** Does the work, or fails if the limit of its kind is reached. */
  public <T> Uni<T> limited(K kind, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var count = underWay.computeIfAbsent(kind, first -> new AtomicInteger());
              if (count.incrementAndGet() > most) {
                count.decrementAndGet();
                return Uni.createFrom().failure(busy.get());
              }
              return Uni.createFrom()
                  .deferred(work::get)
                  .onTermination()
                  .invoke(count::decrementAndGet);
            });
  }
}
