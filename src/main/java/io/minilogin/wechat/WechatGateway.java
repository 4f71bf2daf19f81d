package io.minilogin.wechat;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.observe.Outcomes;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.minilogin.wechat.WechatOutcome.Success;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Makes the service's own calls to WeChat and turns every reply and every failure into an outcome.
 * The returned {@code Uni}s never fail. No exception of the HTTP client leaves this class, because
 * the exception quotes the URL with the app secret, the code or the access token.
 */
@Singleton
public class WechatGateway {
  private static final Logger LOG = Logger.getLogger(WechatGateway.class);

  private final WechatCalls calls;
  private final WechatTelemetry telemetry;
  private final Outcomes outcomes;
  private final TokenPause pause;

  WechatGateway(WechatCalls calls, WechatTelemetry telemetry, Outcomes outcomes, TokenPause pause) {
    this.calls = calls;
    this.telemetry = telemetry;
    this.outcomes = outcomes;
    this.pause = pause;
  }

  /** Exchanges a code within {@code wechat.login-timeout}. The code is sent at most once. */
  public Uni<WechatOutcome<WechatUser>> exchange(WechatApp app, String code) {
    return outcome(
        app,
        WechatCalls.CODE2_SESSION,
        api -> api.code2Session(app.appid(), app.secret().reveal(), code),
        Code2SessionReply::user);
  }

  /**
   * Requests the app's access token from WeChat, within 3 s. After a refusal that only an operator
   * can fix, returns the same refusal for 30 s without a call to WeChat.
   *
   * @param forced whether WeChat must issue a new token; it allows this 20 times a day for each
   *     app, at least 30 s apart
   */
  public Uni<WechatOutcome<IssuedAccessToken>> accessToken(WechatApp app, boolean forced) {
    // A paused call is recorded in metrics and traces, like a call that an open circuit breaker
    // stops.
    return Uni.createFrom()
        .deferred(
            () ->
                pause
                    .refusal(app)
                    .map(it -> observed(app, WechatCalls.STABLE_TOKEN, Uni.createFrom().item(it)))
                    .orElseGet(() -> requestToken(app, forced)));
  }

  private Uni<WechatOutcome<IssuedAccessToken>> requestToken(WechatApp app, boolean forced) {
    return outcome(
            app,
            WechatCalls.STABLE_TOKEN,
            api -> api.stableToken(StableTokenRequest.of(app, forced)),
            StableTokenReply::issued)
        .invoke(outcome -> pause.note(app, outcome));
  }

  /**
   * Returns the phone number for a code of the phone number button, within 3 s. The code is used
   * up. The outcome is {@link Refusal#CODE_INVALID} if WeChat checks the openid and the code
   * belongs to another user.
   */
  public Uni<WechatOutcome<PhoneNumber>> phoneNumber(
      WechatApp app, Secret accessToken, String openid, String code) {
    return outcome(
        app,
        WechatCalls.PHONE_NUMBER,
        api -> api.phoneNumber(accessToken.reveal(), new UserPhoneNumberRequest(code, openid)),
        PhoneNumberReply::phoneNumber);
  }

  /** Asks WeChat whether this is still the user's session key, within 3 s. */
  public Uni<WechatOutcome<Boolean>> isSessionKeyValid(
      WechatApp app, Secret accessToken, String openid, Secret sessionKey) {
    return outcome(
            app,
            WechatCalls.CHECK_SESSION,
            api -> api.checkSession(accessToken.reveal(), openid, WechatSignature.of(sessionKey)),
            reply -> true)
        .map(
            outcome ->
                outcome.isRefused(Refusal.SESSION_KEY_STALE) ? new Success<>(false) : outcome);
  }

  /**
   * Replaces this session key with a new key, within 3 s. The outcome is {@link
   * Refusal#SESSION_KEY_STALE} if WeChat has replaced this key already.
   */
  public Uni<WechatOutcome<Secret>> resetSessionKey(
      WechatApp app, Secret accessToken, String openid, Secret sessionKey) {
    return outcome(
        app,
        WechatCalls.RESET_SESSION_KEY,
        api -> api.resetSessionKey(accessToken.reveal(), openid, WechatSignature.of(sessionKey)),
        reply -> new Secret(reply.sessionKey()));
  }

  private <R extends WechatReply, T> Uni<WechatOutcome<T>> outcome(
      WechatApp app, String name, Function<WechatApi, Uni<R>> request, Function<R, T> value) {
    Uni<WechatOutcome<T>> outcome =
        calls
            .make(name, request)
            .onItemOrFailure()
            .transform(
                (reply, failure) -> {
                  if (failure != null) {
                    return failed(app, name, failure);
                  }
                  return reply.isError()
                      ? refused(app, name, reply)
                      : new Success<>(value.apply(reply));
                });
    return observed(app, name, outcome);
  }

  private <T> Uni<WechatOutcome<T>> observed(
      WechatApp app, String name, Uni<WechatOutcome<T>> outcome) {
    return outcomes.timed(
        telemetry.traced(app.appid(), name, outcome, WechatOutcome::metricName),
        WechatOutcome::metricName,
        "mini_login.wechat.calls",
        "app",
        app.appid(),
        "call",
        name);
  }

  private <T> WechatOutcome<T> refused(WechatApp app, String name, WechatReply reply) {
    var refused = reply.<T>refused();
    if (refused.refusal() == Refusal.OUR_BUG) {
      LOG.errorf("WeChat did not understand the request: errcode %d", reply.errcode());
    } else {
      telemetry.refused(app.appid(), name, refused);
    }
    return refused;
  }

  private <T> WechatOutcome<T> failed(WechatApp app, String name, Throwable failure) {
    return Refused.of(telemetry.failed(app.appid(), name, failure));
  }
}
