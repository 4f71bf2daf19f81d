package io.minilogin.login;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.login.LoginOutcome.LoggedIn;
import io.minilogin.login.LoginOutcome.Verdict;
import io.minilogin.login.RedisCodes.State;
import io.minilogin.session.SessionToken;
import io.minilogin.session.Sessions;
import io.minilogin.wechat.WechatOutcome;
import io.minilogin.wechat.WechatUser;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What those get who post a code that was claimed before, by another instance or an earlier
 * attempt: within the replay window the first answer, for which they wait. If the instance with the
 * claim dies they get a timeout: nobody can know whether the code has been sent.
 */
@Singleton
class RepeatedCode {
  private final RedisCodes codes;
  private final Sessions sessions;
  private final UnfinishedExchanges unfinished;

  RepeatedCode(RedisCodes codes, Sessions sessions, UnfinishedExchanges unfinished) {
    this.codes = codes;
    this.sessions = sessions;
    this.unfinished = unfinished;
  }

  /**
   * The outcome for this attempt.
   *
   * @param resume goes on with an attempt of this instance, from what WeChat answered, or from
   *     before the code was sent
   */
  Uni<LoginOutcome> answer(
      Attempt attempt,
      BiFunction<Attempt, Optional<WechatOutcome<WechatUser>>, Uni<LoginOutcome>> resume) {
    return codes
        .state(attempt.hash())
        .flatMap(
            state -> {
              if (state instanceof State.LoggedIn login) {
                return again(login.token());
              }
              return state instanceof State.Claimed claimed
                  ? goOn(attempt, claimed, resume)
                  : Uni.createFrom().item(((State.Answered) state).outcome());
            });
  }

  private Uni<LoginOutcome> goOn(
      Attempt attempt,
      State.Claimed claimed,
      BiFunction<Attempt, Optional<WechatOutcome<WechatUser>>, Uni<LoginOutcome>> resume) {
    if (claimed.claim() == attempt.claim()) {
      // It got through at a first try that seemed to fail.
      return resume.apply(attempt, Optional.empty());
    }
    var earlier = attempt.under(claimed.claim());
    var ours = unfinished.take(earlier);
    if (ours.isPresent()) {
      return resume.apply(earlier, ours.get());
    }
    if (codes.replayWindow().isZero()) {
      return verdict(Verdict.SPENT);
    }
    if (claimed.age().compareTo(Deadlines.LOGIN) > 0) {
      return verdict(
          claimed.age().compareTo(codes.replayWindow()) <= 0 ? Verdict.LOST : Verdict.SPENT);
    }
    return EventLoop.delay(Deadlines.POLL).chain(() -> answer(attempt, resume));
  }

  private Uni<LoginOutcome> again(SessionToken token) {
    return sessions
        .find(token)
        .map(
            found ->
                found
                    .<LoginOutcome>map(session -> new LoggedIn(token, session))
                    // Logged out within the window: the code has had its use.
                    .orElse(Verdict.SPENT));
  }

  private static Uni<LoginOutcome> verdict(Verdict verdict) {
    return Uni.createFrom().item(verdict);
  }
}
