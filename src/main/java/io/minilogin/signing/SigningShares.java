package io.minilogin.signing;

import io.minilogin.clients.Client;
import io.minilogin.problem.Action;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Limits how many signatures of each client may be under way, so that a client cannot fill the
 * queue for Redis that all requests share.
 */
@Singleton
class SigningShares {
  /** An eighth of the batches that may wait for Redis. */
  static final int MOST = 512;

  private static final Problem BUSY =
      Problem.of(
              ProblemType.WECHAT_BUSY,
              "The client has over " + MOST + " signatures under way: retry later.")
          .retryAfter(Duration.ofSeconds(1))
          .action(Action.RETRY);

  private final Map<String, AtomicInteger> active = new ConcurrentHashMap<>();

  /** Does the work, or fails with a problem if the client has reached its limit. */
  <T> Uni<T> limited(Client client, Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var ofClient = active.computeIfAbsent(client.id(), id -> new AtomicInteger());
              if (ofClient.incrementAndGet() > MOST) {
                ofClient.decrementAndGet();
                return Uni.createFrom().failure(new ProblemException(BUSY));
              }
              return Uni.createFrom()
                  .deferred(work::get)
                  .onTermination()
                  .invoke(ofClient::decrementAndGet);
            });
  }
}
