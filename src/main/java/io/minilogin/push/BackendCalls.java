package io.minilogin.push;

import io.minilogin.async.EventLoop;
import io.minilogin.observe.ConnectionFailure;
import io.minilogin.observe.Outcomes;
import io.minilogin.observe.Tracing;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.push.BackendHttp.RefusedException;
import io.minilogin.push.PushRoutes.Route;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Posts events to backends within a deadline, and traces the posts. */
@Singleton
class BackendCalls {
  private static final Problem FAILED =
      problem(ProblemType.BACKEND_FAILED, "The backend did not take the event.");

  private static final Problem LATE =
      problem(ProblemType.BACKEND_TIMEOUT, "The backend did not answer in time.");

  private final BackendHttp http;
  private final Tracing tracing;

  BackendCalls(BackendHttp http, Tracing tracing) {
    this.http = http;
    this.tracing = tracing;
  }

  /** Posts the event. Emits the backend's answer, or fails with {@link NotTakenException}. */
  Uni<byte[]> post(Route route, PushEvent event, Duration timeout) {
    return tracing.traced(
        "push-delivery",
        route.name(),
        event.appid(),
        span ->
            EventLoop.limit(
                    timeout,
                    http.post(route, event, Tracing.traceparent(span)),
                    TimeoutException::new)
                .onFailure()
                .transform(failure -> notTaken(route, failure)),
        answer -> Outcomes.SUCCESS);
  }

  private static NotTakenException notTaken(Route route, Throwable failure) {
    if (failure instanceof TimeoutException) {
      return new NotTakenException(LATE, route, "it does not answer");
    }
    if (failure instanceof RefusedException refused) {
      return new NotTakenException(FAILED, route, "its status is " + refused.status());
    }
    var reason =
        ConnectionFailure.reason(failure)
            .orElse("its answer is incomplete, too large or compressed");
    return new NotTakenException(FAILED, route, reason);
  }

  private static Problem problem(ProblemType type, String detail) {
    return Problem.of(type, detail).retryAfter(Duration.ofSeconds(1));
  }

  /** A backend did not take an event. */
  static final class NotTakenException extends ProblemException {
    private static final long serialVersionUID = 1;

    private final transient Route route;
    private final String reason;

    private NotTakenException(Problem problem, Route route, String reason) {
      super(problem);
      this.route = route;
      this.reason = reason;
    }

    Route route() {
      return route;
    }

    /** Returns the reason for operators, a text of low cardinality. */
    String reason() {
      return reason;
    }
  }
}
