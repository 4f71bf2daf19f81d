package io.minilogin.wechat;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
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
import java.util.function.Supplier;
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

  private static final String LOGIN_TIMEOUT = "wechat.login-timeout";

  private final WechatApi api;
  private final Duration loginTimeout;
  private final CallLimits limits;

  WechatCalls(@RestClient WechatApi api, WechatCallSettings settings, CallLimits limits) {
    this.api = api;
    this.limits = limits;
    this.loginTimeout =
        Setting.between(
            LOGIN_TIMEOUT,
            settings.loginTimeout(),
            Duration.ofSeconds(1),
            Deadlines.LONGEST_CODE2_SESSION);
  }

  /** Creates the client at the start, so that invalid settings prevent the start. */
  void start(@Observes StartupEvent event) {
    ClientProxy.unwrap(api);
  }

  Uni<Code2SessionReply> code2Session(WechatApp app, String code) {
    return sent(
        CODE2_SESSION,
        loginTimeout,
        () -> api.code2Session(app.appid(), app.secret().reveal(), code));
  }

  Uni<StableTokenReply> stableToken(WechatApp app, boolean forced) {
    return sent(STABLE_TOKEN, () -> api.stableToken(StableTokenRequest.of(app, forced)));
  }

  Uni<PhoneNumberReply> phoneNumber(Secret accessToken, String openid, String code) {
    var body = new UserPhoneNumberRequest(code, openid);
    return sent(PHONE_NUMBER, () -> api.phoneNumber(accessToken.reveal(), body));
  }

  Uni<CheckSessionReply> checkSession(Secret accessToken, String openid, Secret sessionKey) {
    var signature = SessionKeySignature.of(sessionKey);
    return sent(CHECK_SESSION, () -> api.checkSession(accessToken.reveal(), openid, signature));
  }

  Uni<ResetSessionKeyReply> resetSessionKey(Secret accessToken, String openid, Secret sessionKey) {
    var signature = SessionKeySignature.of(sessionKey);
    return sent(
        RESET_SESSION_KEY, () -> api.resetSessionKey(accessToken.reveal(), openid, signature));
  }

  private <R extends WechatReply> Uni<R> sent(String name, Supplier<Uni<R>> call) {
    return sent(name, Deadlines.WECHAT_CALL, call);
  }

  private <R extends WechatReply> Uni<R> sent(
      String name, Duration deadline, Supplier<Uni<R>> call) {
    return limits.ofOwnCall(name).apply(() -> sent(deadline, call));
  }

  private static <R extends WechatReply> Uni<R> sent(Duration deadline, Supplier<Uni<R>> call) {
    var reply =
        Uni.createFrom()
            .deferred(call::get)
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
