package io.minilogin.push;

import io.minilogin.async.Deadlines;
import io.minilogin.async.EventLoop;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.push.PushRoutes.Route;
import io.minilogin.push.RedisEvents.State;
import io.minilogin.redis.StoreUnavailableException;
import io.minilogin.session.UserSessions;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Delivers each event once, as far as that is possible without a queue.
 *
 * <p>WeChat repeats an event until it is acknowledged, so an event is acknowledged only after the
 * backend took it. A claim in Redis lets one delivery of an event run at a time, on whichever
 * instance. The answer replaces the claim, and repeats get this answer. A backend gets an event
 * again if it failed, or if the instance or Redis fails between its answer and the storage of the
 * answer.
 */
@Singleton
class EventDelivery {
  /** The least time for a delivery. With less time the backend could hardly answer. */
  private static final Duration LEAST = Duration.ofMillis(500);

  private static final Problem UNDER_WAY =
      Problem.of(ProblemType.BACKEND_BUSY, "An earlier delivery of the event has not ended.")
          .retryAfter(Duration.ofSeconds(1));

  private final PushRoutes routes;
  private final RouteShares shares;
  private final RedisEvents events;
  private final BackendCalls backends;
  private final UserSessions users;
  private final SecureRandom random;
  private final Clock clock;

  EventDelivery(
      PushRoutes routes,
      RouteShares shares,
      RedisEvents events,
      BackendCalls backends,
      UserSessions users,
      SecureRandom random,
      Clock clock) {
    this.routes = routes;
    this.shares = shares;
    this.events = events;
    this.backends = backends;
    this.users = users;
    this.random = random;
    this.clock = clock;
  }

  /** The reason why an event is acknowledged. */
  enum Outcome {
    /** The backend took the event. */
    SUCCESS,
    /** The event is a repeat of an event that the backend took. */
    REPEATED,
    /** The backend's answer has an {@code ErrCode}. WeChat may repeat the event. */
    REFUSED,
    /** No route takes the event. */
    UNROUTED
  }

  /**
   * An acknowledged event.
   *
   * @param answer the body of the backend's answer
   */
  record Delivered(Outcome outcome, byte[] answer) {}

  /** The delivery that one request asks for. */
  private record Attempt(PushEvent event, Route route, long claim, Instant arrived) {}

  /**
   * Delivers an event, or returns the answer that the backend gave before. Fails with a problem if
   * the event is not acknowledged.
   *
   * @param arrived when the head of the request arrived
   */
  Uni<Delivered> deliver(PushEvent event, Instant arrived) {
    var route = routes.find(event.name());
    return shares.limited(
        route,
        () ->
            route
                .map(it -> turn(new Attempt(event, it, random.nextLong(), arrived)))
                .orElseGet(() -> unrouted(event, arrived)));
  }

  private Uni<Delivered> unrouted(PushEvent event, Instant arrived) {
    return inTime(arrived, forgotten(event))
        .replaceWith(new Delivered(Outcome.UNROUTED, PushReply.TAKEN.body()));
  }

  /** Acts on the present state of the event. While another delivery runs, looks again. */
  private Uni<Delivered> turn(Attempt attempt) {
    if (!clock.instant().isBefore(attempt.arrived.plus(Deadlines.PUSH_DELIVERED))) {
      return Uni.createFrom().failure(new ProblemException(UNDER_WAY));
    }
    return inTime(attempt.arrived, events.state(attempt.event))
        .flatMap(
            state -> {
              if (state instanceof State.Taken taken) {
                return Uni.createFrom().item(new Delivered(Outcome.REPEATED, taken.answer()));
              }
              if (state instanceof State.Claimed other && other.claim() != attempt.claim) {
                return nextTurn(attempt);
              }
              if (left(attempt.arrived, Deadlines.PUSH_DELIVERED).compareTo(LEAST) < 0) {
                return Uni.createFrom().failure(new ProblemException(UNDER_WAY));
              }
              return inTime(attempt.arrived, claimed(attempt, state))
                  .flatMap(ours -> ours ? post(attempt) : nextTurn(attempt));
            });
  }

  private Uni<Delivered> nextTurn(Attempt attempt) {
    return EventLoop.delay(Deadlines.POLL).chain(() -> turn(attempt));
  }

  /** Prepares the delivery and claims the event, unless the claim is ours already. */
  private Uni<Boolean> claimed(Attempt attempt, State state) {
    return state instanceof State.Free free
        ? forgotten(attempt.event).chain(() -> events.claim(attempt.event, attempt.claim, free))
        // The claim reached Redis although the command seemed to fail.
        : Uni.createFrom().item(true);
  }

  /** Deletes the user who leaves the app. Nothing is stored or delivered before this is done. */
  private Uni<Void> forgotten(PushEvent event) {
    return event.isCancellation() ? users.forget(event.leaving()) : Uni.createFrom().voidItem();
  }

  private Uni<Delivered> post(Attempt attempt) {
    return backends
        .post(attempt.route, attempt.event, left(attempt.arrived, Deadlines.PUSH_DELIVERED))
        .onFailure()
        .invoke(() -> release(attempt))
        .flatMap(answer -> isRefusal(answer) ? refused(attempt, answer) : taken(attempt, answer));
  }

  private Uni<Delivered> refused(Attempt attempt, byte[] answer) {
    release(attempt);
    return Uni.createFrom().item(new Delivered(Outcome.REFUSED, answer));
  }

  /** Stores the answer. If that fails, a repeat is delivered again. */
  private Uni<Delivered> taken(Attempt attempt, byte[] answer) {
    var stored =
        EventLoop.limit(
            left(attempt.arrived, Deadlines.PUSH_ANSWERED),
            events.taken(attempt.event, answer),
            StoreUnavailableException::new);
    return stored.onFailure().recoverWithNull().replaceWith(new Delivered(Outcome.SUCCESS, answer));
  }

  /** Removes the claim, and does not wait for the result: the claim expires by itself. */
  private void release(Attempt attempt) {
    events.release(attempt.event, attempt.claim).subscribe().with(done -> {}, failure -> {});
  }

  /** Returns whether the answer has an {@code ErrCode} other than 0. */
  private static boolean isRefusal(byte[] answer) {
    return PushMessage.read(answer)
        .flatMap(message -> message.field("ErrCode"))
        .filter(code -> !code.equals("0"))
        .isPresent();
  }

  private <T> Uni<T> inTime(Instant arrived, Uni<T> ofRedis) {
    return EventLoop.limit(
        left(arrived, Deadlines.PUSH_DELIVERED), ofRedis, StoreUnavailableException::new);
  }

  private Duration left(Instant arrived, Duration deadline) {
    return Deadlines.left(clock.instant(), arrived.plus(deadline));
  }
}
