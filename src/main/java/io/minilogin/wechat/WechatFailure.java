package io.minilogin.wechat;

import io.minilogin.observe.ConnectionFailure;
import java.net.ConnectException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/** The meaning of exceptions of calls to WeChat. */
final class WechatFailure {
  private WechatFailure() {}

  /** Returns the reason why WeChat did not answer a call. */
  static Refusal refusal(Throwable failure) {
    if (failure instanceof BulkheadException) {
      return Refusal.TOO_MANY_CALLS;
    }
    if (failure instanceof CircuitBreakerOpenException) {
      return Refusal.CIRCUIT_OPEN;
    }
    if (ConnectionFailure.reason(failure).isPresent()) {
      return Refusal.UNREACHABLE;
    }
    return ConnectionFailure.isCausedBy(failure, TimeoutException.class)
        ? Refusal.TIMEOUT
        : Refusal.FAILED;
  }

  /**
   * Whether the connection was refused. Also true for Netty's connect timeout, which extends
   * ConnectException: nothing was sent either.
   */
  static boolean isRefusedConnection(Throwable failure) {
    return ConnectionFailure.isCausedBy(failure, ConnectException.class);
  }
}
