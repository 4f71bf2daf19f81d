package io.minilogin.wechat;

import io.minilogin.operation.EventLoop;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.ConnectException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Fallback;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.logging.Logger;

/**
 * The only way to WeChat: owns the deadline, the circuit breaker and the limit on calls under way,
 * and turns every answer and every failure into an outcome. Never fails, and never lets an
 * exception out: those of the client quote the URL, and the URL holds the app secret and the code.
 */
@ApplicationScoped
public class WechatGateway {
  private static final Logger LOG = Logger.getLogger(WechatGateway.class);

  /** Not an annotation like the others: its timer would wake another thread at each call. */
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private final WechatApi api;
  private final MisconfigurationAlarm alarm;

  WechatGateway(@RestClient WechatApi api, MisconfigurationAlarm alarm) {
    this.api = api;
    this.alarm = alarm;
  }

  /**
   * Exchanges a code, within 3 s. It is sent at most once: only a refused connection, over which no
   * byte can have left, is tried a second time.
   *
   * <p>Answers with an errcode count as successes for the circuit breaker: WeChat is there. 30
   * failures among the last 40 calls open it for 2 s.
   */
  @Bulkhead(value = 512, waitingTaskQueue = 1)
  @CircuitBreaker(
      requestVolumeThreshold = 40,
      failureRatio = 0.75,
      delay = 2,
      delayUnit = ChronoUnit.SECONDS,
      skipOn = BulkheadException.class)
  @CircuitBreakerName("wechat")
  @Fallback(fallbackMethod = "unanswered")
  public Uni<ExchangeOutcome> exchange(WechatApp app, String code) {
    return Uni.createFrom()
        .deferred(() -> api.code2Session(app.appid(), app.secret().reveal(), code))
        .onFailure(WechatGateway::wasRefusedConnection)
        .retry()
        .atMost(1)
        .ifNoItem()
        .after(DEADLINE)
        .on(EventLoop.timers())
        .failWith(TimeoutException::new)
        .map(reply -> outcome(app, reply));
  }

  private ExchangeOutcome outcome(WechatApp app, Code2SessionReply reply) {
    if (reply == null || (!reply.isError() && !reply.isComplete())) {
      throw new IllegalStateException("reply without openid or session_key");
    }
    if (!reply.isError()) {
      return reply.exchanged();
    }
    var refused = reply.refused();
    if (refused.refusal() == Refusal.APP_MISCONFIGURED) {
      alarm.raise(app, refused);
    }
    if (refused.refusal() == Refusal.OUR_BUG) {
      LOG.errorf("WeChat did not understand the request: errcode %d", reply.errcode());
    }
    return refused;
  }

  /** The fallback: called for every failure, also those of the annotations above. */
  Uni<ExchangeOutcome> unanswered(WechatApp app, String code, Throwable failure) {
    var refusal = refusal(failure);
    LOG.debugf("No answer from WeChat: %s (%s)", refusal, failure.getClass().getSimpleName());
    return Uni.createFrom().item(ExchangeOutcome.Refused.without(refusal));
  }

  private static Refusal refusal(Throwable failure) {
    if (failure instanceof CircuitBreakerOpenException || failure instanceof BulkheadException) {
      return Refusal.NOT_CALLED;
    }
    if (hasCause(failure, TimeoutException.class)) {
      return Refusal.TIMEOUT;
    }
    return Refusal.FAILED;
  }

  /** Netty's connect timeout extends ConnectException, too: there as well nothing has been sent. */
  private static boolean wasRefusedConnection(Throwable failure) {
    return hasCause(failure, ConnectException.class);
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
