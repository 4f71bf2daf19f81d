package io.minilogin.login;

import io.minilogin.app.WechatApp;
import io.minilogin.async.EventLoop;
import io.minilogin.async.SingleFlight;
import io.minilogin.login.LoginOutcome.LoggedIn;
import io.minilogin.login.RedisCodes.State;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.session.SessionStore;
import io.minilogin.wechat.ExchangeOutcome;
import io.minilogin.wechat.ExchangeOutcome.Exchanged;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCall;
import io.minilogin.wechat.WechatGateway;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Exchanges each code exactly once.
 *
 * <p>WeChat burns a code at the first try, failed or not, so the code must be sent by one caller on
 * one instance, and everybody else who posts it gets that caller's answer. Three things see to it:
 *
 * <ol>
 *   <li>Within an instance all callers of a code share one attempt. It does not belong to any of
 *       them: a caller that hangs up does not end it, and its retry gets the session.
 *   <li>Between instances a claim in Redis, made before the code is sent and kept for longer than a
 *       code lives, lets one attempt through. The others wait for its answer. If the instance dies
 *       they answer with a timeout: nobody can know whether the code has been sent.
 *   <li>When Redis fails in between, the instance remembers for a while what it knows of its own
 *       claims: that the code was certainly not sent (the claim itself timed out, but may have got
 *       through), or what WeChat answered (the session could not be saved). A retry goes on from
 *       there.
 * </ol>
 *
 * <p>Time: the claim has 1 s, the exchange 3 s, saving what they left of {@link #LONGEST}.
 */
@Singleton
class CodeExchange {
  private static final Duration LONGEST = Duration.ofMillis(4900);
  private static final Duration SAVED = LONGEST.minusMillis(100);
  private static final Duration POLL = Duration.ofMillis(50);

  private final RedisCodes codes;
  private final WechatGateway wechat;
  private final SessionStore sessions;
  private final ReplayWindow window;
  private final LoginMetrics metrics;
  private final UnfinishedExchanges unfinished;
  private final SecureRandom random;
  private final Clock clock;

  /** One go at one code. The claim is the number under which Redis knows it. */
  private record Attempt(WechatApp app, String code, CodeHash key, long claim, Instant saved) {

    /** The same, going on under a claim that an earlier one made. */
    Attempt under(long earlierClaim) {
      return new Attempt(app, code, key, earlierClaim, saved);
    }
  }

  private final SingleFlight<CodeHash, LoginOutcome> underWay = new SingleFlight<>();

  CodeExchange(
      RedisCodes codes,
      WechatGateway wechat,
      SessionStore sessions,
      ReplayWindow window,
      LoginMetrics metrics,
      UnfinishedExchanges unfinished,
      SecureRandom random,
      Clock clock) {
    this.codes = codes;
    this.wechat = wechat;
    this.sessions = sessions;
    this.window = window;
    this.metrics = metrics;
    this.unfinished = unfinished;
    this.random = random;
    this.clock = clock;
  }

  /** The outcome of this code of this app, whoever brought it. Fails only when the store does. */
  Uni<LoginOutcome> login(WechatApp app, String code) {
    var key = CodeHash.of(app.appid(), code);
    return underWay.join(
        key,
        () ->
            run(new Attempt(app, code, key, random.nextLong(), savedBy()))
                .ifNoItem()
                .after(LONGEST)
                .on(EventLoop.timers())
                .recoverWithItem(() -> LoginOutcome.refused(Refusal.TIMEOUT)));
  }

  private Uni<LoginOutcome> run(Attempt attempt) {
    return codes
        .claim(attempt.key(), attempt.claim())
        .onFailure()
        .invoke(() -> unfinished.notSent(attempt.claim()))
        .flatMap(ours -> ours ? exchange(attempt) : follow(attempt));
  }

  /** The only place from which a code is sent; under its claim none was sent before. */
  private Uni<LoginOutcome> exchange(Attempt attempt) {
    return metrics
        .timed(attempt.app(), wechat.exchange(attempt.app(), attempt.code()))
        .flatMap(answer -> finish(attempt, answer));
  }

  private Uni<LoginOutcome> finish(Attempt attempt, ExchangeOutcome answer) {
    unfinished.answered(attempt.claim(), answer);
    return outcome(attempt.app(), answer)
        .call(outcome -> codes.record(attempt.key(), outcome))
        .ifNoItem()
        .after(timeLeft(attempt))
        .on(EventLoop.timers())
        .failWith(StoreUnavailableException::new)
        .invoke(() -> unfinished.finished(attempt.claim()));
  }

  private Uni<LoginOutcome> outcome(WechatApp app, ExchangeOutcome answer) {
    return answer instanceof Exchanged user
        ? sessions.open(app.appid(), user).map(s -> new LoggedIn(s.token(), s.session()))
        : Uni.createFrom().item(new LoginOutcome.Refused((RefusedCall) answer));
  }

  /** For a code that was claimed before: by another instance, or by an earlier attempt. */
  private Uni<LoginOutcome> follow(Attempt attempt) {
    return codes
        .state(attempt.key())
        .flatMap(
            state -> {
              if (state instanceof State.Answered answered) {
                return again(answered.answer());
              }
              if (state instanceof State.Claimed claimed) {
                return goOn(attempt, claimed);
              }
              return refused(Refusal.CODE_USED);
            });
  }

  private Uni<LoginOutcome> goOn(Attempt attempt, State.Claimed claimed) {
    if (claimed.claim() == attempt.claim()) {
      // It got through at a first try that seemed to fail.
      return exchange(attempt);
    }
    var ours = unfinished.take(claimed.claim());
    if (ours.isPresent()) {
      var resumed = attempt.under(claimed.claim());
      return ours.get().map(answer -> finish(resumed, answer)).orElseGet(() -> exchange(resumed));
    }
    if (window.isOff()) {
      return refused(Refusal.CODE_USED);
    }
    if (claimed.age().compareTo(LONGEST) > 0) {
      var isReplay = claimed.age().compareTo(window.length()) <= 0;
      return refused(isReplay ? Refusal.TIMEOUT : Refusal.CODE_USED);
    }
    return Uni.createFrom().voidItem().onItem().delayIt().by(POLL).chain(() -> follow(attempt));
  }

  private Uni<LoginOutcome> again(PackedAnswer answer) {
    if (answer instanceof PackedAnswer.Token given) {
      return sessions
          .find(given.token())
          .map(
              found ->
                  found
                      .<LoginOutcome>map(session -> new LoggedIn(given.token(), session))
                      // Logged out within the window: the code has had its use.
                      .orElseGet(() -> LoginOutcome.refused(Refusal.CODE_USED)));
    }
    return Uni.createFrom().item(new LoginOutcome.Refused(((PackedAnswer.Refused) answer).why()));
  }

  private Instant savedBy() {
    return clock.instant().plus(SAVED);
  }

  private Duration timeLeft(Attempt attempt) {
    var left = Duration.between(clock.instant(), attempt.saved());
    return left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left;
  }

  private static Uni<LoginOutcome> refused(Refusal refusal) {
    return Uni.createFrom().item(LoginOutcome.refused(refusal));
  }
}
