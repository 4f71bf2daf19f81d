package io.minilogin.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.app.WechatApp;
import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.async.SingleFlight;
import io.minilogin.login.LoginOutcome.LoggedIn;
import io.minilogin.login.LoginOutcome.Verdict;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.session.Login;
import io.minilogin.session.NewSessions;
import io.minilogin.session.UserId;
import io.minilogin.wechat.WechatGateway;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatUser;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Exchanges each code exactly once.
 *
 * <p>WeChat invalidates a code at the first call, even if the call fails. So only one caller on one
 * instance may send the code, and all other callers get the answer of that call. Three mechanisms
 * ensure this:
 *
 * <ol>
 *   <li>Within an instance all callers of a code share one attempt. The attempt continues when a
 *       caller disconnects, and the caller's retry gets the session.
 *   <li>Between instances a claim in Redis lets only one attempt send the code. The claim is made
 *       before the code is sent and is kept for longer than a code lives. {@link RepeatedCode}
 *       answers the other attempts.
 *   <li>If Redis fails in between, the instance remembers the state of its own claims for a while:
 *       the code was certainly not sent (the claim itself timed out, but may have reached Redis),
 *       or WeChat's answer (the session could not be saved). A repeat of the code continues from
 *       this state.
 * </ol>
 */
@Singleton
class CodeExchange {
  private final RedisCodes codes;
  private final RepeatedCode repeated;
  private final WechatGateway wechat;
  private final NewSessions sessions;
  private final UnfinishedExchanges unfinished;
  private final Counter spared;
  private final SecureRandom random;
  private final Clock clock;

  private final SingleFlight<CodeHash, LoginOutcome> attempts = new SingleFlight<>();

  CodeExchange(
      RedisCodes codes,
      RepeatedCode repeated,
      WechatGateway wechat,
      NewSessions sessions,
      UnfinishedExchanges unfinished,
      MeterRegistry registry,
      SecureRandom random,
      Clock clock) {
    this.codes = codes;
    this.repeated = repeated;
    this.wechat = wechat;
    this.sessions = sessions;
    this.unfinished = unfinished;
    this.spared = registry.counter("mini_login.exchanges.spared");
    this.random = random;
    this.clock = clock;
  }

  /**
   * Returns the outcome of this code, which is the same for all callers. Fails only if the store
   * fails.
   */
  Uni<LoginOutcome> login(WechatApp app, String code) {
    var hash = CodeHash.of(app.appid(), code);
    if (attempts.isUnderWay(hash)) {
      spared.increment();
    }
    return attempts.join(
        hash,
        () ->
            run(new Attempt(app, code, hash, random.nextLong(), savedBy()))
                .ifNoItem()
                .after(Deadlines.LOGIN)
                .on(EventLoop.timers())
                .recoverWithItem(Verdict.LATE));
  }

  private Uni<LoginOutcome> run(Attempt attempt) {
    return codes
        .claim(attempt.hash(), attempt.claim())
        .onFailure()
        .invoke(() -> unfinished.notSent(attempt))
        .flatMap(
            ours ->
                (ours ? exchange(attempt) : repeated(attempt))
                    .onFailure()
                    .transform(StoreUnavailableException::afterSending));
  }

  /** Sends the code. Only this method sends codes, and no code was sent under this claim before. */
  private Uni<LoginOutcome> exchange(Attempt attempt) {
    return wechat
        .exchange(attempt.app(), attempt.code())
        .flatMap(outcome -> finish(attempt, new Answer(outcome, clock.instant(), false)));
  }

  private Uni<LoginOutcome> repeated(Attempt attempt) {
    spared.increment();
    return repeated.answer(attempt, this::resume);
  }

  /** Continues from WeChat's answer, or from a claim under which the code was not sent. */
  private Uni<LoginOutcome> resume(Attempt attempt, Optional<Answer> answer) {
    return answer.map(given -> finish(attempt, given.resumed())).orElseGet(() -> exchange(attempt));
  }

  private Uni<LoginOutcome> finish(Attempt attempt, Answer answer) {
    unfinished.answered(attempt, answer);
    var saved =
        outcome(attempt.app(), answer).call(outcome -> codes.record(attempt.hash(), outcome));
    return EventLoop.limit(timeLeft(attempt), saved, StoreUnavailableException::new)
        .invoke(() -> unfinished.finished(attempt));
  }

  private Uni<LoginOutcome> outcome(WechatApp app, Answer answer) {
    if (answer.outcome() instanceof WechatOutcome.Refused<WechatUser> refused) {
      return Uni.createFrom().item(new LoginOutcome.Refused(refused));
    }
    var user = answer.outcome().orThrow();
    var id = new UserId(app.appid(), user.openid());
    return sessions
        .create(new Login(id, user.unionid(), user.sessionKey(), answer.at(), answer.isResumed()))
        .map(
            creation ->
                creation instanceof NewSessions.Created created
                    ? new LoggedIn(created.token(), created.session())
                    : new LoginOutcome.Blocked(((NewSessions.Blocked) creation).until()));
  }

  private Instant savedBy() {
    return clock.instant().plus(Deadlines.LOGIN_SAVED);
  }

  private Duration timeLeft(Attempt attempt) {
    return Deadlines.left(clock.instant(), attempt.saved());
  }
}
