package io.minilogin.relay;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** Limits the memory for request bodies of calls in progress to an eighth of the heap in total. */
@Singleton
class KeptBodies {
  private static final int PART_OF_HEAP = 8;

  private final AtomicLong left = new AtomicLong(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  /** Reserves memory for a body. Returns false and reserves nothing if it exceeds the limit. */
  boolean take(long bytes) {
    var before = left.getAndUpdate(free -> free >= bytes ? free - bytes : free);
    return before >= bytes;
  }

  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
