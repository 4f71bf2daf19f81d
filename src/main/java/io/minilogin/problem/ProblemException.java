package io.minilogin.problem;

/**
 * Ends a request with a {@link Problem}: the environment is broken or the request is invalid.
 * Outcomes that callers handle are values and no exceptions.
 */
public class ProblemException extends RuntimeException {
  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // The stack trace would only say how the request got here; the problem says what is wrong.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /** Returns the type of the failure's problem; {@code INTERNAL} for any other exception, a bug. */
  public static ProblemType typeOf(Throwable failure) {
    return failure instanceof ProblemException known ? known.problem.type() : ProblemType.INTERNAL;
  }

  /** Replaces the action {@code login} of a failure's problem. Returns other failures unchanged. */
  public static Throwable inPlaceOfLogin(Throwable failure, Action other) {
    return failure instanceof ProblemException known
        ? new ProblemException(known.problem.inPlaceOfLogin(other))
        : failure;
  }
}
