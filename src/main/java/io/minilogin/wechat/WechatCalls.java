package io.minilogin.wechat;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.settings.Setting;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * The service's own calls to WeChat. code2Session ends within {@code wechat.login-timeout}, any
 * other call within {@link Deadlines#WECHAT_CALL}. A call is sent at most once. The only retry is
 * after a refused connection, because no byte was sent then.
 *
 * <p>{@link CallLimits} limits each kind of call. For the circuit breaker, a reply with an errcode
 * is a success, because WeChat is reachable.
 */
@Singleton
class WechatCalls {
  static final String CODE2_SESSION = "code2Session";
  static final String STABLE_TOKEN = "stableToken";
  static final String PHONE_NUMBER = "phoneNumber";
  static final String CHECK_SESSION = "checkSession";
  static final String RESET_SESSION_KEY = "resetSessionKey";

  private final WechatApi api;
  private final Duration loginTimeout;
  private final CallLimits limits;

  WechatCalls(@RestClient WechatApi api, WechatCallSettings settings, CallLimits limits) {
    this.api = api;
    this.limits = limits;
    this.loginTimeout =
        Setting.between(
            "wechat.login-timeout",
            settings.loginTimeout(),
            Duration.ofSeconds(1),
            Deadlines.LONGEST_CODE2_SESSION);
  }

  /** Creates the client at the start, so that invalid settings prevent the start. */
  void start(@Observes StartupEvent event) {
    ClientProxy.unwrap(api);
  }

  /**
   * Makes one of {@link CallLimits#OWN_CALLS} and requires that WeChat's reply is an error or
   * complete.
   */
  <R extends WechatReply> Uni<R> make(String call, Function<WechatApi, Uni<R>> request) {
    var deadline = call.equals(CODE2_SESSION) ? loginTimeout : Deadlines.WECHAT_CALL;
    return limits.ofOwnCall(call).apply(() -> sent(deadline, request));
  }

  private <R extends WechatReply> Uni<R> sent(
      Duration deadline, Function<WechatApi, Uni<R>> request) {
    var reply =
        Uni.createFrom()
            .deferred(() -> request.apply(api))
            .onFailure(WechatFailure::isRefusedConnection)
            .retry()
            .atMost(1);
    // Not the annotation @Timeout: its timer would wake another thread for each call.
    return EventLoop.limit(deadline, reply, TimeoutException::new)
        .invoke(WechatCalls::requireUsable);
  }

  private static void requireUsable(WechatReply reply) {
    if (reply == null || (!reply.isError() && !reply.isComplete())) {
      throw new IllegalStateException("an incomplete reply");
    }
  }
}
