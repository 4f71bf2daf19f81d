package io.minilogin.api;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory bodies may take that are kept while their calls are under way: an eighth of the
 * heap, all together.
 */
@Singleton
class KeptBodies {
  private static final int PART_OF_HEAP = 8;

  private final AtomicLong left = new AtomicLong(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  /** Whether there is room for as many bytes more; it is taken then. */
  boolean take(long bytes) {
    var before = left.getAndUpdate(free -> free >= bytes ? free - bytes : free);
    return before >= bytes;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
