package io.minilogin.login;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the state of this instance's claims on codes whose answer could not be stored: the code
 * was certainly not sent, or WeChat's answer. Keeps the latest {@value #MOST} for the five minutes
 * that a code lives and no longer, because an answer has a session key in plain text. If an entry
 * is dropped, its user needs a new wx.login.
 */
@Singleton
class UnfinishedExchanges {
  private static final int MOST = 10_000;

  private static final Duration KEPT = Duration.ofMinutes(5);
  private static final Duration CLEANUP_INTERVAL = Duration.ofSeconds(10);

  private record Known(Instant since, Optional<Answer> answer) {}

  private final Clock clock;
  private final Vertx vertx;
  private long timer;

  private final Map<String, Known> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MOST;
        }
      };

  UnfinishedExchanges(Clock clock, Vertx vertx) {
    this.clock = clock;
    this.vertx = vertx;
  }

  void begin(@Observes StartupEvent started) {
    timer = vertx.setPeriodic(CLEANUP_INTERVAL.toMillis(), due -> forgetOld());
  }

  @PreDestroy
  void end() {
    vertx.cancelTimer(timer);
  }

  /** Removes entries that are older than five minutes. Called every 10 s. */
  synchronized void forgetOld() {
    var oldest = clock.instant().minus(KEPT);
    known.values().removeIf(each -> !each.since().isAfter(oldest));
  }

  synchronized void notSent(Attempt attempt) {
    known.put(key(attempt), new Known(clock.instant(), Optional.empty()));
  }

  synchronized void answered(Attempt attempt, Answer answer) {
    known.put(key(attempt), new Known(clock.instant(), Optional.of(answer)));
  }

  synchronized void finished(Attempt attempt) {
    known.remove(key(attempt));
  }

  /**
   * Removes and returns the state of a claim, so that only one caller acts on it. Outer empty: the
   * state is unknown. Inner empty: the code was not sent.
   */
  synchronized Optional<Optional<Answer>> take(Attempt attempt) {
    var found = known.remove(key(attempt));
    return found == null ? Optional.empty() : Optional.of(found.answer());
  }

  /**
   * Returns the hash with the claim. The claim alone is not enough: an attacker who can write to
   * Redis may store it under another code.
   */
  private static String key(Attempt attempt) {
    return attempt.hash().text() + attempt.claim();
  }
}
