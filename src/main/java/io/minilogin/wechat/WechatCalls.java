package io.minilogin.wechat;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.settings.MachineDefaults;
import io.minilogin.settings.Setting;
import io.minilogin.wechat.WechatTelemetry.Kind;
import io.quarkus.arc.ClientProxy;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.faulttolerance.api.CircuitBreakerName;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.ConnectException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.Bulkhead;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.rest.client.inject.RestClient;

/**
 * The service's own calls to WeChat. code2Session ends within {@code wechat.login-timeout}, any
 * other call within {@link Deadlines#WECHAT_CALL}. A call is sent at most once. The only retry is
 * after a refused connection, because no byte was sent then.
 *
 * <p>Each kind of call has its own circuit breaker and its own limit on concurrent calls, so that
 * one kind does not affect another: logins work while WeChat issues no access tokens. For the
 * circuit breaker, a reply with an errcode is a success, because WeChat is reachable. 30 failures
 * among the last 40 calls open the circuit breaker for 2 s.
 *
 * <p>The limits add up to {@link MachineDefaults#MAX_OWN_CALLS}. The pool of {@code
 * quarkus.rest-client.wechat} has that many connections, or fewer if the limit on open files is
 * low.
 */
@ApplicationScoped
@Bulkhead(value = WechatCalls.MOST, waitingTaskQueue = 1)
@CircuitBreaker(
    requestVolumeThreshold = 40,
    failureRatio = 0.75,
    delay = 2,
    delayUnit = ChronoUnit.SECONDS,
    skipOn = BulkheadException.class)
class WechatCalls {
  static final String CODE2_SESSION = "code2Session";
  static final String STABLE_TOKEN = "stableToken";
  static final String PHONE_NUMBER = "phoneNumber";
  static final String CHECK_SESSION = "checkSession";
  static final String RESET_SESSION_KEY = "resetSessionKey";

  private static final String LOGIN_TIMEOUT = "wechat.login-timeout";
  private static final int MOST_LOGINS = 512;
  static final int MOST = 128;

  private final WechatApi api;
  private final Duration loginTimeout;
  private final Map<String, Kind> kinds = new HashMap<>();

  WechatCalls(@RestClient WechatApi api, WechatCallSettings settings, WechatTelemetry watch) {
    this.api = api;
    this.loginTimeout =
        Setting.between(
            LOGIN_TIMEOUT,
            settings.loginTimeout(),
            Duration.ofSeconds(1),
            Deadlines.LONGEST_CODE2_SESSION);
    for (var call :
        List.of(CODE2_SESSION, STABLE_TOKEN, PHONE_NUMBER, CHECK_SESSION, RESET_SESSION_KEY)) {
      var limit = call.equals(CODE2_SESSION) ? MOST_LOGINS : MOST;
      kinds.put(call, watch.kind(call, "all", "none", call, limit));
    }
  }

  /** Creates the client at the start, so that invalid settings prevent the start. */
  void start(@Observes StartupEvent event) {
    ClientProxy.unwrap(api);
  }

  @Bulkhead(value = MOST_LOGINS, waitingTaskQueue = 1)
  @CircuitBreakerName(CODE2_SESSION)
  public Uni<Code2SessionReply> code2Session(WechatApp app, String code) {
    return sent(
        CODE2_SESSION,
        loginTimeout,
        () -> api.code2Session(app.appid(), app.secret().reveal(), code));
  }

  @CircuitBreakerName(STABLE_TOKEN)
  public Uni<StableTokenReply> stableToken(WechatApp app, boolean forced) {
    return sent(STABLE_TOKEN, () -> api.stableToken(StableTokenRequest.of(app, forced)));
  }

  @CircuitBreakerName(PHONE_NUMBER)
  public Uni<PhoneNumberReply> phoneNumber(Secret accessToken, String openid, String code) {
    var body = new PhoneCode(code, openid);
    return sent(PHONE_NUMBER, () -> api.phoneNumber(accessToken.reveal(), body));
  }

  @CircuitBreakerName(CHECK_SESSION)
  public Uni<CheckReply> checkSession(Secret accessToken, String openid, Secret sessionKey) {
    var signature = SessionKeySignature.of(sessionKey);
    return sent(CHECK_SESSION, () -> api.checkSession(accessToken.reveal(), openid, signature));
  }

  @CircuitBreakerName(RESET_SESSION_KEY)
  public Uni<SessionKeyReply> resetSessionKey(
      Secret accessToken, String openid, Secret sessionKey) {
    var signature = SessionKeySignature.of(sessionKey);
    return sent(
        RESET_SESSION_KEY, () -> api.resetSessionKey(accessToken.reveal(), openid, signature));
  }

  private <R extends WechatReply> Uni<R> sent(String name, Supplier<Uni<R>> call) {
    return sent(name, Deadlines.WECHAT_CALL, call);
  }

  private <R extends WechatReply> Uni<R> sent(
      String name, Duration deadline, Supplier<Uni<R>> call) {
    return Objects.requireNonNull(kinds.get(name)).counted(() -> sent(deadline, call));
  }

  private static <R extends WechatReply> Uni<R> sent(Duration deadline, Supplier<Uni<R>> call) {
    var reply =
        Uni.createFrom()
            .deferred(call::get)
            .onFailure(WechatCalls::wasRefusedConnection)
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

  /**
   * Also true for Netty's connect timeout, which extends ConnectException: nothing was sent either.
   */
  private static boolean wasRefusedConnection(Throwable failure) {
    return isBehind(failure, ConnectException.class);
  }

  /** Whether an exception of this type is among the causes: the REST client wraps most failures. */
  static boolean isBehind(Throwable failure, Class<? extends Throwable> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(type::isInstance);
  }
}
