package io.minilogin.redis;

import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.time.Duration;

/**
 * Redis is down, slow, full, read-only or locked. Its reply is unknown, so no user is logged out
 * because of it.
 */
public class StoreUnavailableException extends ProblemException {
  private static final Problem UNAVAILABLE =
      Problem.of(ProblemType.STORE_UNAVAILABLE, "The session store is not available right now.")
          .retryAfter(Duration.ofSeconds(2));

  public StoreUnavailableException() {
    this(Action.RETRY);
  }

  private StoreUnavailableException(Action action) {
    super(UNAVAILABLE.action(action));
  }

  /**
   * Returns this failure for a request that cannot be retried, because a code or a session key may
   * have been sent to WeChat. Returns other failures unchanged.
   */
  public static Throwable afterSending(Throwable failure) {
    return failure instanceof StoreUnavailableException
        ? new StoreUnavailableException(Action.LOGIN)
        : failure;
  }
}
