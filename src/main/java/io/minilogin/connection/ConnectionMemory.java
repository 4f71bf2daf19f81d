package io.minilogin.connection;

import io.minilogin.settings.MachineDefaults;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the direct memory that clients' connections hold for longer than a turn of the event loop:
 * requests that have arrived in part, and responses that the client does not read. All connections
 * together may hold a third of the direct memory; the rest is left to the connections to Redis and
 * WeChat. A connection that exceeds the limit is closed, because Java makes an event loop sleep at
 * each allocation when the direct memory is used up.
 */
final class ConnectionMemory {
  private static final int PART_OF_DIRECT_MEMORY = 3;

  /** The smallest size of a buffer, in bytes. */
  private static final int SMALLEST_BUFFER = 2 * 1024;

  private static final AtomicLong HELD = new AtomicLong();

  private long held;

  static long limit() {
    return MachineDefaults.directMemory() / PART_OF_DIRECT_MEMORY;
  }

  /**
   * Records how many bytes this connection holds now. Returns false if it holds more than before
   * and all connections together exceed the limit.
   */
  boolean holds(long bytes) {
    var next = bytes == 0 ? 0 : Math.max(bytes, SMALLEST_BUFFER);
    if (next == held) {
      return true;
    }
    var change = next - held;
    held = next;
    return HELD.addAndGet(change) <= limit() || change < 0;
  }
}
