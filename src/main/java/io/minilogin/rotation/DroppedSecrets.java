package io.minilogin.rotation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.seal.Seals;
import io.minilogin.session.SessionLimits;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Warns of secrets that are no longer configured. A running instance forgets such a secret once
 * every session that the secret sealed has ended; an instance that starts without the secret cannot
 * unseal these sessions.
 */
@Singleton
class DroppedSecrets {
  private static final Logger LOG = Logger.getLogger(DroppedSecrets.class);

  private final Seals seals;
  private final Duration lifetime;
  private final Clock clock;

  /** The time at which each secret sealed last, by the secret's id. */
  private final Map<String, Instant> lastSealed = new ConcurrentHashMap<>();

  /** The dropped secrets of each app that a warning in the log named. */
  private final Map<String, List<String>> warned = new ConcurrentHashMap<>();

  DroppedSecrets(Seals seals, SessionLimits limits, Clock clock) {
    this.seals = seals;
    this.lifetime = limits.lifetime();
    this.clock = clock;
  }

  void showGauge(String appid, MeterRegistry registry) {
    Gauge.builder("mini_login.secrets.dropped", () -> seals.dropped(appid).size())
        .tag("app", appid)
        .register(registry);
  }

  /** Records the time until which each secret seals on any instance. */
  void record(SecretHistory history) {
    history.sealedUntil().forEach((id, time) -> lastSealed.merge(id, time, SecretHistory.LATER));
  }

  /**
   * Warns if a secret that this instance does not have may have sealed sessions that are still
   * alive.
   */
  void warnOfMissing(String appid, SecretHistory history) {
    history
        .missingUntil()
        .filter(until -> until.plus(lifetime).isAfter(clock.instant()))
        .ifPresent(
            until ->
                LOG.warnf(
                    "A secret of app %s that sealed sessions until %s is not configured: users with"
                        + " such a session log in again, unless it is added to previous-secret",
                    appid, until));
  }

  /** Forgets the dropped secrets of the app that no session needs. Called every second. */
  void forget(String appid) {
    var now = clock.instant();
    lastSealed.put(seals.inUse(appid), now);
    var dropped = seals.dropped(appid);
    for (var id : dropped) {
      if (!warned.getOrDefault(appid, List.of()).contains(id)) {
        LOG.warnf(
            "A secret of app %s is no longer configured. This instance unseals with it until the"
                + " last session that it sealed has ended; an instance that starts without it logs"
                + " these users out, unless the secret is added to previous-secret",
            appid);
      }
      if (lastSealed.computeIfAbsent(id, unknown -> now).plus(lifetime).isBefore(now)) {
        seals.forget(appid, id);
      }
    }
    warned.put(appid, dropped);
  }
}
