package io.minilogin.wechat;

import io.minilogin.problem.ProblemException;
import java.util.function.Predicate;

/** A call that brought nothing, for callers that can do nothing about it but tell their own. */
public class RefusedCallException extends ProblemException {
  private final transient RefusedCall call;

  RefusedCallException(RefusedCall call) {
    super(call.problem());
    this.call = call;
  }

  /** With neither errcode nor rid. */
  public RefusedCallException(Refusal refusal) {
    this(RefusedCall.without(refusal));
  }

  RefusedCall call() {
    return call;
  }

  /** Tells failures that are calls refused for this reason from all others. */
  public static Predicate<Throwable> because(Refusal refusal) {
    return failure ->
        failure instanceof RefusedCallException refused && refused.call.refusal() == refusal;
  }
}
