package io.minilogin.login;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.login.LoginOutcome.LoggedIn;
import io.minilogin.login.LoginOutcome.Verdict;
import io.minilogin.login.RedisCodes.State;
import io.minilogin.session.SessionToken;
import io.minilogin.session.Sessions;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Answers a code that another instance or an earlier attempt has claimed. Within the replay window
 * the callers wait for the first answer. If the instance with the claim dies, the callers get a
 * timeout, because no instance can know whether the code was sent.
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
   * Returns the outcome for this attempt.
   *
   * @param resume continues an attempt of this instance, from WeChat's answer or from the state
   *     before the code was sent
   */
  Uni<LoginOutcome> answer(
      Attempt attempt, BiFunction<Attempt, Optional<Answer>, Uni<LoginOutcome>> resume) {
    return codes
        .state(attempt.hash())
        .flatMap(
            state -> {
              if (state instanceof State.LoggedIn login) {
                return repeatLogin(login.token());
              }
              return state instanceof State.Claimed claimed
                  ? resumeOrWait(attempt, claimed, resume)
                  : Uni.createFrom().item(((State.Answered) state).outcome());
            });
  }

  private Uni<LoginOutcome> resumeOrWait(
      Attempt attempt,
      State.Claimed claimed,
      BiFunction<Attempt, Optional<Answer>, Uni<LoginOutcome>> resume) {
    if (claimed.claim() == attempt.claim()) {
      // This attempt's claim reached Redis although the command seemed to fail.
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

  private Uni<LoginOutcome> repeatLogin(SessionToken token) {
    return sessions
        .find(token)
        .map(
            found ->
                found
                    .<LoginOutcome>map(session -> new LoggedIn(token, session))
                    // The user logged out within the window: the code is spent.
                    .orElse(Verdict.SPENT));
  }

  private static Uni<LoginOutcome> verdict(Verdict verdict) {
    return Uni.createFrom().item(verdict);
  }
}
