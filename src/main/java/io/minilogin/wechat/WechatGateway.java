package io.minilogin.wechat;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * The only way to WeChat: turns every reply and every failure into an outcome. Lets no exception of
 * the client's out: those quote the URL, and the URL holds the app secret, the code or the access
 * token. {@link RefusedCallException} is the only one there is.
 */
@Singleton
public class WechatGateway {
  private static final Logger LOG = Logger.getLogger(WechatGateway.class);

  private final WechatCalls calls;
  private final MisconfigurationAlarm alarm;

  WechatGateway(WechatCalls calls, MisconfigurationAlarm alarm) {
    this.calls = calls;
    this.alarm = alarm;
  }

  /** Exchanges a code, within 3 s. It is sent at most once. Never fails. */
  public Uni<ExchangeOutcome> exchange(WechatApp app, String code) {
    return answered(app, calls.code2Session(app, code))
        .<ExchangeOutcome>map(Code2SessionReply::exchanged)
        .onFailure(RefusedCallException.class)
        .recoverWithItem(e -> ((RefusedCallException) e).call());
  }

  /**
   * Goes the way of an exchange, to an address that stands in for WeChat, so that the first login
   * need not be the first to go it. Never fails.
   */
  public Uni<Void> warmUp(URI standIn) {
    return calls
        .warmUp(standIn)
        .map(Code2SessionReply::exchanged)
        .replaceWithVoid()
        .onFailure()
        .recoverWithNull();
  }

  /**
   * The app's access token, within 3 s.
   *
   * @param forced whether it must be another than before: 20 times a day and app, at least 30 s
   *     apart
   */
  public Uni<IssuedAccessToken> accessToken(WechatApp app, boolean forced) {
    return answered(app, calls.stableToken(app, forced)).map(StableTokenReply::issued);
  }

  /** The phone number behind a code of the phone number button, within 3 s. Burns the code. */
  public Uni<PhoneNumber> phoneNumber(WechatApp app, Secret accessToken, String code) {
    return answered(app, calls.phoneNumber(accessToken, code)).map(PhoneNumberReply::phoneNumber);
  }

  /** Whether WeChat still has this session key for the user, within 3 s. */
  public Uni<Boolean> isSessionKeyValid(
      WechatApp app, Secret accessToken, String openid, Secret sessionKey) {
    return answered(app, calls.checkSession(accessToken, openid, sessionKey))
        .replaceWith(true)
        .onFailure(RefusedCallException.because(Refusal.SESSION_KEY_STALE))
        .recoverWithItem(false);
  }

  /**
   * A new session key in the place of this one, within 3 s. {@link Refusal#SESSION_KEY_STALE} if
   * WeChat has another one already.
   */
  public Uni<Secret> resetSessionKey(
      WechatApp app, Secret accessToken, String openid, Secret sessionKey) {
    return answered(app, calls.resetSessionKey(accessToken, openid, sessionKey))
        .map(reply -> new Secret(reply.sessionKey()));
  }

  /** The reply if it is a success. */
  private <R extends WechatReply> Uni<R> answered(WechatApp app, Uni<R> call) {
    return call.onFailure()
        .transform(WechatGateway::unanswered)
        .invoke(
            reply -> {
              if (reply.isError()) {
                throw new RefusedCallException(refused(app, reply));
              }
            });
  }

  private RefusedCall refused(WechatApp app, WechatReply reply) {
    var refused = reply.refused();
    if (refused.refusal() == Refusal.APP_MISCONFIGURED) {
      alarm.raise(app, refused);
    }
    if (refused.refusal() == Refusal.OUR_BUG) {
      LOG.errorf("WeChat did not understand the request: errcode %d", reply.errcode());
    }
    return refused;
  }

  private static RefusedCallException unanswered(Throwable failure) {
    var refusal = refusal(failure);
    LOG.debugf("No answer from WeChat: %s (%s)", refusal, failure.getClass().getSimpleName());
    return new RefusedCallException(refusal);
  }

  private static Refusal refusal(Throwable failure) {
    if (failure instanceof CircuitBreakerOpenException || failure instanceof BulkheadException) {
      return Refusal.NOT_CALLED;
    }
    return Causes.include(failure, TimeoutException.class) ? Refusal.TIMEOUT : Refusal.FAILED;
  }
}
