package io.minilogin.push;

import io.minilogin.async.ConcurrencyLimits;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.push.PushRoutes.Route;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Limits the events under way. Each route has an equal share, as have the events without a route,
 * so that a backend that does not answer delays no event of another route. Events over the limit
 * are refused: WeChat repeats them.
 */
@Singleton
class RouteShares {
  /**
   * Limit of events under way on all routes. It also limits the connections to backends and the
   * commands to Redis.
   */
  static final int MOST = 128;

  /** Heap of the largest event and the largest answer with all their copies, in bytes. */
  private static final int HEAP_OF_EVENT = 256 * 1024;

  private static final int PART_OF_HEAP = 8;

  private static final Problem BUSY =
      Problem.of(ProblemType.BACKEND_BUSY, "Too many events of this route are under way.")
          .retryAfter(Duration.ofSeconds(1));

  private final ConcurrencyLimits<Optional<Route>> limits;

  RouteShares(PushRoutes routes) {
    var most = most(routes.all().size() + 1, Runtime.getRuntime().maxMemory());
    limits = new ConcurrencyLimits<>(most, () -> new ProblemException(BUSY));
  }

  /** Returns the share of each of some routes, with this heap in bytes. At least 1. */
  static int most(int routes, long heap) {
    return (int) Math.max(1, Math.min(MOST, heap / PART_OF_HEAP / HEAP_OF_EVENT) / routes);
  }

  /** Does the work for an event of this route. Fails with a problem if its share is used up. */
  <T> Uni<T> limited(Optional<Route> route, Supplier<Uni<T>> work) {
    return limits.limited(route, work);
  }
}
