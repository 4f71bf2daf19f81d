package io.minilogin.login;

import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.minilogin.store.RedisCommands;
import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What all instances know of a code, in two keys, because the two live for different times:
 *
 * <ul>
 *   <li>{@code ml:c:<code key>} the claim: somebody has this code and nobody else may send it,
 *       ever. A random number that tells one attempt from another; kept for well over the five
 *       minutes that a code lives.
 *   <li>{@code ml:r:<code key>} the answer it led to, sealed, for the replay window.
 * </ul>
 */
@Singleton
class RedisCodes {
  private static final Duration CLAIM = Duration.ofMinutes(10);
  private static final int MOST_ANSWERS = 50_000;

  /** What became of a code that is not ours. */
  sealed interface State {
    record Answered(PackedAnswer answer) implements State {}

    /** No answer: not yet, not any more, or never. */
    record Claimed(long claim, Duration age) implements State {}

    /** Even the claim has expired. */
    record Forgotten() implements State {}
  }

  private final RedisCommands redis;
  private final Seals seals;
  private final ReplayWindow window;
  private final Clock clock;

  /**
   * Recorded answers, the oldest first. Redis lets keys lie for a while after their expiry, a
   * quarter of all when they are short-lived ones among long-lived ones, so those of this instance
   * are removed when their window is over.
   */
  private final Queue<Answer> answers = new LinkedBlockingQueue<>(MOST_ANSWERS);

  private record Answer(String key, Instant end) {}

  RedisCodes(RedisCommands redis, Seals seals, ReplayWindow window, Clock clock) {
    this.redis = redis;
    this.seals = seals;
    this.window = window;
    this.clock = clock;
  }

  /** Whether the code is now ours alone to send. On failure it may be claimed all the same. */
  Uni<Boolean> claim(CodeKey code, long claim) {
    return redis
        .send(
            Request.cmd(Command.SET)
                .arg(claimKey(code))
                .arg(claim)
                .arg("NX")
                .arg("PX")
                .arg(claimTime().toMillis()))
        .map(ok -> ok != null);
  }

  Uni<State> state(CodeKey code) {
    return redis
        .send(Request.cmd(Command.GET).arg(answerKey(code)))
        .flatMap(
            value ->
                opened(code, value)
                    .<Uni<State>>map(answer -> Uni.createFrom().item(new State.Answered(answer)))
                    .orElseGet(() -> claimState(code)));
  }

  /** Keeps the answer for repeats of the code. */
  Uni<Void> record(CodeKey code, LoginOutcome outcome) {
    if (window.isOff()) {
      return Uni.createFrom().voidItem();
    }
    var sealed =
        seals.seal(code.appid(), Purpose.LOGIN_ANSWER, answerKey(code), PackedAnswer.pack(outcome));
    return redis
        .send(
            Request.cmd(Command.SET)
                .arg(answerKey(code))
                .arg(sealed)
                .arg("PX")
                .arg(window.length().toMillis()))
        .invoke(() -> answers.offer(new Answer(answerKey(code), windowEnd())))
        .call(this::removeAnExpiredAnswer)
        .replaceWithVoid();
  }

  /** As many are removed as are recorded. Best effort: Redis expires them all the same. */
  private Uni<Void> removeAnExpiredAnswer() {
    var oldest = answers.peek();
    if (oldest == null || oldest.end().isAfter(clock.instant()) || !answers.remove(oldest)) {
      return Uni.createFrom().voidItem();
    }
    return redis
        .send(Request.cmd(Command.UNLINK).arg(oldest.key()))
        .replaceWithVoid()
        .onFailure()
        .recoverWithNull();
  }

  private Instant windowEnd() {
    return clock.instant().plus(window.length());
  }

  private Uni<State> claimState(CodeKey code) {
    var key = claimKey(code);
    return redis
        .sendAll(List.of(Request.cmd(Command.GET).arg(key), Request.cmd(Command.PTTL).arg(key)))
        .map(answers -> claimed(answers.get(0), answers.get(1)));
  }

  private State claimed(Response claim, Response millisLeft) {
    return claim == null
        ? new State.Forgotten()
        : new State.Claimed(
            claim.toLong(), claimTime().minus(Duration.ofMillis(millisLeft.toLong())));
  }

  private Optional<PackedAnswer> opened(CodeKey code, Response sealed) {
    return Optional.ofNullable(sealed)
        .flatMap(value -> seals.open(Purpose.LOGIN_ANSWER, answerKey(code), value.toBytes()))
        .filter(opened -> opened.appid().equals(code.appid()))
        .map(opened -> PackedAnswer.unpack(opened.plaintext()));
  }

  private Duration claimTime() {
    return CLAIM.plus(window.length());
  }

  private static String claimKey(CodeKey code) {
    return "ml:c:" + code.hash();
  }

  private static String answerKey(CodeKey code) {
    return "ml:r:" + code.hash();
  }
}
