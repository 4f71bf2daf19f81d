package io.minilogin.login;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minilogin.redis.RedisValues;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.session.SessionToken;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Stores in Redis what all instances know of a code: {@code ml:c:<hash of the code>}, kept for
 * longer than the five minutes that a code lives.
 *
 * <p>The first value is a claim, a random number that identifies one attempt: only this attempt may
 * send the code. Then the sealed answer, which includes its time, replaces the claim. Within the
 * replay window a repeat gets the answer again; later the answer only says that the code is spent,
 * so nothing needs to be removed.
 *
 * <p>A code that WeChat refused for good is kept for a minute only. WeChat would refuse it again,
 * and a flood of invented codes must not fill Redis.
 */
@Startup
@Singleton
class RedisCodes {
  /** TTL of a claim: much longer than a code lives, because its time of issue is unknown. */
  private static final Duration CLAIMED = Duration.ofMinutes(10);

  /** TTL of an answer. The code existed when WeChat answered, so it expires within 5 minutes. */
  private static final Duration ANSWERED = Duration.ofMinutes(6);

  /** TTL of a final refusal. */
  private static final Duration REFUSED = Duration.ofMinutes(1);

  /** The state of a code that was claimed before. */
  sealed interface State {
    /** The session that a repeat gets again. */
    record LoggedIn(SessionToken token) implements State {}

    /** An answer without a session: the same refusal again, or the code is spent. */
    record Answered(LoginOutcome outcome) implements State {
      static final State SPENT = new Answered(LoginOutcome.Verdict.SPENT);
    }

    /** There is no answer yet, and there may never be an answer. */
    record Claimed(long claim, Duration age) implements State {}
  }

  private final RedisValues values;
  private final Seals seals;
  private final Duration window;
  private final Clock clock;

  RedisCodes(RedisValues values, Seals seals, LoginSettings settings, Clock clock) {
    this.values = values;
    this.seals = seals;
    this.window =
        Setting.between(
            "login.replay-window", settings.replayWindow(), Duration.ZERO, Duration.ofDays(1));
    this.clock = clock;
  }

  /** Returns how long a repeated code gets the first answer again; zero if never. */
  Duration replayWindow() {
    return window;
  }

  /**
   * Claims the code. Returns whether only this attempt may send it. The claim may exist even if the
   * call fails.
   */
  Uni<Boolean> claim(CodeHash code, long claim) {
    return values.setIfAbsent(key(code), String.valueOf(claim).getBytes(US_ASCII), claimTime());
  }

  /**
   * Returns the state of the code. Reads the time to live before the value: if the value is a
   * claim, it was a claim at that time, too. An answer that replaces the claim in between has a
   * different time to live.
   */
  Uni<State> state(CodeHash code) {
    return values
        .timeToLive(key(code))
        .flatMap(
            left ->
                values
                    .get(key(code))
                    .map(
                        value ->
                            value
                                .flatMap(bytes -> claimed(bytes, left))
                                .or(() -> value.flatMap(bytes -> answer(code, bytes)))
                                .orElse(State.Answered.SPENT)));
  }

  /** Stores the answer for repeats of the code. */
  Uni<Void> record(CodeHash code, LoginOutcome outcome) {
    var now = clock.instant();
    var refused = outcome instanceof LoginOutcome.Refused it ? it.why() : null;
    var isFinal = refused != null && refused.refusal().isFinal();
    if (window.isZero() && !isFinal) {
      return Uni.createFrom().voidItem();
    }
    var sealed =
        seals.seal(code.appid(), Purpose.LOGIN_ANSWER, key(code), PackedAnswer.pack(outcome, now));
    return values.set(key(code), sealed, atLeastTheWindow(isFinal ? REFUSED : ANSWERED));
  }

  private Optional<State> answer(CodeHash code, byte[] sealed) {
    return seals
        .unseal(code.appid(), Purpose.LOGIN_ANSWER, key(code), sealed)
        .map(plaintext -> PackedAnswer.unpack(plaintext, clock.instant().minus(window)));
  }

  private Optional<State> claimed(byte[] value, long leftMillis) {
    try {
      var claim = Long.parseLong(new String(value, US_ASCII));
      return Optional.of(
          new State.Claimed(claim, claimTime().minus(Duration.ofMillis(leftMillis))));
    } catch (NumberFormatException e) {
      // Not a claim.
      return Optional.empty();
    }
  }

  private Duration claimTime() {
    return CLAIMED.plus(window);
  }

  private Duration atLeastTheWindow(Duration time) {
    return window.compareTo(time) > 0 ? window : time;
  }

  private static String key(CodeHash code) {
    return "ml:c:" + code.text();
  }
}
