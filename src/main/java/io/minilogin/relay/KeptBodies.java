package io.minilogin.relay;

import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory for request bodies of clients, mostly of calls in progress, to an eighth of the
 * heap in total.
 */
@Singleton
public class KeptBodies {
  /** The problem for a body that must be read into memory, if there is no room. */
  public static final Problem NO_ROOM =
      Problem.of(ProblemType.WECHAT_BUSY, "There is no memory for the body now: retry later.")
          .retryAfter(Duration.ofSeconds(1))
          .action(Action.RETRY);

  private static final int PART_OF_HEAP = 8;

  private final AtomicLong left = new AtomicLong(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);

  /** Reserves memory for a body. Returns false and reserves nothing if it exceeds the limit. */
  public boolean take(long bytes) {
    var before = left.getAndUpdate(free -> free >= bytes ? free - bytes : free);
    return before >= bytes;
  }

  /** Releases memory that {@link #take} reserved. */
  public void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
