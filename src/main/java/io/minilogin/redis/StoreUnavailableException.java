package io.minilogin.redis;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.time.Duration;

/**
 * Redis is down, slow, full, read-only or locked. What it would have said is unknown: nobody is
 * logged out for it.
 */
public class StoreUnavailableException extends ProblemException {
  public StoreUnavailableException() {
    super(
        Problem.of(ProblemType.STORE_UNAVAILABLE, "The session store cannot be asked right now.")
            .retryAfter(Duration.ofSeconds(2)));
  }
}
