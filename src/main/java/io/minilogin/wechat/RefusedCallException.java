package io.minilogin.wechat;

import io.minilogin.problem.ProblemException;

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

  /** Whether this is why. */
  public boolean isBecauseOf(Refusal refusal) {
    return call.refusal() == refusal;
  }
}
