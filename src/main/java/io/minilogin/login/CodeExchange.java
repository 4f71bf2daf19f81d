package io.minilogin.login;

import io.minilogin.login.LoginOutcome.LoggedIn;
import io.minilogin.login.RedisCodes.State;
import io.minilogin.session.SessionStore;
import io.minilogin.store.StoreUnavailableException;
import io.minilogin.wechat.ExchangeOutcome;
import io.minilogin.wechat.ExchangeOutcome.Exchanged;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatApp;
import io.minilogin.wechat.WechatGateway;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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
 * <p>Time: claim 1 s, exchange 3 s, saving 0.9 s; all of it within {@link #LONGEST}.
 */
@Singleton
class CodeExchange {
  private static final Duration LONGEST = Duration.ofMillis(4900);
  private static final Duration SAVING = Duration.ofMillis(900);
  private static final Duration POLL = Duration.ofMillis(50);

  private final RedisCodes codes;
  private final WechatGateway wechat;
  private final SessionStore sessions;
  private final ReplayWindow window;
  private final LoginMetrics metrics;
  private final UnfinishedExchanges unfinished;
  private final SecureRandom random;

  private final ConcurrentMap<CodeKey, Uni<LoginOutcome>> underWay = new ConcurrentHashMap<>();

  CodeExchange(
      RedisCodes codes,
      WechatGateway wechat,
      SessionStore sessions,
      ReplayWindow window,
      LoginMetrics metrics,
      UnfinishedExchanges unfinished,
      SecureRandom random) {
    this.codes = codes;
    this.wechat = wechat;
    this.sessions = sessions;
    this.window = window;
    this.metrics = metrics;
    this.unfinished = unfinished;
    this.random = random;
  }

  /**
   * The outcome of this code of this app, whoever brought it first. Fails only when the store does.
   */
  Uni<LoginOutcome> login(WechatApp app, String code) {
    return underWay.computeIfAbsent(
        CodeKey.of(app.appid(), code),
        key ->
            attempt(app, code, key)
                .ifNoItem()
                .after(LONGEST)
                .recoverWithItem(() -> LoginOutcome.refused(Refusal.TIMEOUT))
                .onTermination()
                .invoke(() -> underWay.remove(key))
                .memoize()
                .indefinitely());
  }

  private Uni<LoginOutcome> attempt(WechatApp app, String code, CodeKey key) {
    return Uni.createFrom()
        .item(random::nextLong)
        .flatMap(
            claim ->
                codes
                    .claim(key, claim)
                    .onFailure()
                    .invoke(() -> unfinished.notSent(claim))
                    .flatMap(
                        ours -> ours ? exchange(app, code, key, claim) : follow(app, code, key)));
  }

  /**
   * The only place from which a code is sent, and only under a claim from which none was sent
   * before.
   */
  private Uni<LoginOutcome> exchange(WechatApp app, String code, CodeKey key, long claim) {
    return metrics
        .timed(app, wechat.exchange(app, code))
        .invoke(answer -> unfinished.answered(claim, answer))
        .flatMap(answer -> finish(app, key, claim, answer));
  }

  private Uni<LoginOutcome> finish(WechatApp app, CodeKey key, long claim, ExchangeOutcome answer) {
    return outcome(app, answer)
        .call(outcome -> codes.record(key, outcome))
        .ifNoItem()
        .after(SAVING)
        .failWith(StoreUnavailableException::new)
        .invoke(() -> unfinished.finished(claim));
  }

  private Uni<LoginOutcome> outcome(WechatApp app, ExchangeOutcome answer) {
    return answer instanceof Exchanged user
        ? sessions.open(app.appid(), user).map(s -> new LoggedIn(s.token(), s.session()))
        : Uni.createFrom().item(new LoginOutcome.Refused((ExchangeOutcome.Refused) answer));
  }

  /**
   * For a code that has been claimed before: by another caller, another instance or an earlier
   * attempt of ours.
   */
  private Uni<LoginOutcome> follow(WechatApp app, String code, CodeKey key) {
    return codes
        .state(key)
        .flatMap(
            state -> {
              if (state instanceof State.Answered answered) {
                return again(answered.answer());
              }
              if (state instanceof State.Claimed claimed) {
                return goOn(app, code, key, claimed);
              }
              return refused(Refusal.CODE_USED);
            });
  }

  private Uni<LoginOutcome> goOn(WechatApp app, String code, CodeKey key, State.Claimed claimed) {
    var ours = unfinished.take(claimed.claim());
    if (ours.isPresent()) {
      return ours.get()
          .map(answer -> finishAgain(app, key, claimed.claim(), answer))
          .orElseGet(() -> exchange(app, code, key, claimed.claim()));
    }
    if (window.isOff()) {
      return refused(Refusal.CODE_USED);
    }
    if (claimed.age().compareTo(LONGEST) > 0) {
      var isReplay = claimed.age().compareTo(window.length()) <= 0;
      return refused(isReplay ? Refusal.TIMEOUT : Refusal.CODE_USED);
    }
    return Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(POLL)
        .chain(() -> follow(app, code, key));
  }

  private Uni<LoginOutcome> finishAgain(
      WechatApp app, CodeKey key, long claim, ExchangeOutcome answer) {
    unfinished.answered(claim, answer);
    return finish(app, key, claim, answer);
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

  private static Uni<LoginOutcome> refused(Refusal refusal) {
    return Uni.createFrom().item(LoginOutcome.refused(refusal));
  }
}
