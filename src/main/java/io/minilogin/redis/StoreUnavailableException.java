package io.minilogin.redis;

import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.time.Duration;

/**
 * Redis is down, slow, full, read-only or locked. What it would have said is unknown: nobody is
 * logged out for it.
 */
public class StoreUnavailableException extends ProblemException {
  private static final Problem UNAVAILABLE =
      Problem.of(ProblemType.STORE_UNAVAILABLE, "The session store cannot be asked right now.")
          .retryAfter(Duration.ofSeconds(2));

  public StoreUnavailableException() {
    this(Action.RETRY);
  }

  private StoreUnavailableException(Action action) {
    super(UNAVAILABLE.action(action));
  }

  /**
   * For {@code transform}: this failure after a code or a session key may have gone to WeChat, so
   * that the same request cannot be made again.
   */
  public static Throwable afterSending(Throwable failure) {
    return failure instanceof StoreUnavailableException
        ? new StoreUnavailableException(Action.LOGIN)
        : failure;
  }
}
