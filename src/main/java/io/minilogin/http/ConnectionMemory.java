package io.minilogin.http;

import io.minilogin.start.MachineDefaults;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much direct memory the clients' connections hold for longer than a turn of the event loop:
 * requests that have arrived in part, and answers that the client does not read. All together they
 * may hold a third; more would be taken from the connections to Redis and WeChat, and at the limit
 * Java lets an event loop sleep at each allocation. A connection that wants more is closed.
 */
final class ConnectionMemory {
  private static final int PART_OF_DIRECT_MEMORY = 3;

  /** Bytes that a buffer has at least. */
  private static final int SMALLEST_BUFFER = 2 * 1024;

  private static final AtomicLong HELD = new AtomicLong();

  private long held;

  static long limit() {
    return MachineDefaults.directMemory() / PART_OF_DIRECT_MEMORY;
  }

  /** Notes what this connection holds from now on; false if that is too much with all others. */
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
