package io.minilogin.rotation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.seal.Seals;
import io.minilogin.session.SessionLimits;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Decides which secret of an app seals: the newest secret that every instance knows. Every instance
 * is assumed to know a secret when {@code wechat.seal-delay} has passed since the first instance
 * learned of it, by the times in Redis. So all instances switch to the new secret at about the same
 * time, including instances that start in between. An instance is not ready before it has read
 * these times.
 *
 * <p>A running instance also forgets a secret that is no longer configured, once every session that
 * the secret sealed has ended.
 */
@Startup
@Readiness
@Singleton
class SealDelay implements AsyncHealthCheck {
  private static final Logger LOG = Logger.getLogger(SealDelay.class);
  private static final long NO_TIMER = -1;
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final WechatApps apps;
  private final Seals seals;
  private final RedisSecretChanges changes;
  private final Duration delay;
  private final Duration lifetime;
  private final MeterRegistry registry;
  private final Clock clock;
  private final Vertx vertx;

  /** The current secret of each app at the latest decision. */
  private final Map<String, String> decided = new ConcurrentHashMap<>();

  /** The end of the delay of each app's current secret. */
  private final Map<String, Instant> ends = new ConcurrentHashMap<>();

  /** The time at which each secret sealed last, by the secret's id. */
  private final Map<String, Instant> lastSealed = new ConcurrentHashMap<>();

  /** The dropped secrets of each app that a warning in the log named. */
  private final Map<String, List<String>> warned = new ConcurrentHashMap<>();

  private long timer = NO_TIMER;

  SealDelay(
      WechatApps apps,
      Seals seals,
      RedisSecretChanges changes,
      RotationSettings settings,
      SessionLimits limits,
      MeterRegistry registry,
      Clock clock,
      Vertx vertx) {
    this.apps = apps;
    this.seals = seals;
    this.changes = changes;
    this.registry = registry;
    this.delay =
        Setting.between(
            "wechat.seal-delay", settings.sealDelay(), Duration.ZERO, Duration.ofDays(1));
    this.lifetime = limits.lifetime();
    this.clock = clock;
    this.vertx = vertx;
  }

  void begin(@Observes StartupEvent started) {
    apps.all().forEach(app -> showGauges(app.appid()));
    if (!seals.delayed().isEmpty()) {
      run();
    }
    timer = vertx.setPeriodic(LOOK_INTERVAL.toMillis(), due -> run());
  }

  @PreDestroy
  void end() {
    vertx.cancelTimer(timer);
  }

  private void run() {
    look().subscribe().with(done -> {});
  }

  private void showGauges(String appid) {
    Gauge.builder("mini_login.seal.delay.left.seconds", () -> left(appid))
        .tag("app", appid)
        .description("time until the new secret of an app seals")
        .register(registry);
    Gauge.builder("mini_login.secrets.dropped", () -> seals.dropped(appid).size())
        .tag("app", appid)
        .description(
            "secrets of the app that are no longer configured and still open sessions here")
        .register(registry);
  }

  /** Reports up once the secret that seals is decided for each app with several secrets. */
  @Override
  public Uni<HealthCheckResponse> call() {
    var isDecided =
        apps.all().stream()
            .map(WechatApp::appid)
            .allMatch(appid -> decided.containsKey(appid) || seals.secretIds(appid).size() == 1);
    return Uni.createFrom().item(HealthCheckResponse.named("secrets").status(isDecided).build());
  }

  /** Asks Redis at the start, after a change, and while a delay runs. */
  Uni<Void> look() {
    var appids = apps.all().stream().map(WechatApp::appid).toList();
    appids.forEach(this::forgetDropped);
    return Multi.createFrom()
        .iterable(appids)
        .filter(this::isUndecided)
        .onItem()
        .transformToUniAndConcatenate(this::look)
        .toUni();
  }

  private boolean isUndecided(String appid) {
    return !seals.secretIds(appid).get(0).equals(decided.get(appid))
        || seals.delayed().contains(appid);
  }

  private Uni<Void> look(String appid) {
    var ids = seals.secretIds(appid);
    return known(appid, ids)
        .call(known -> storeChange(appid, ids, known))
        .invoke(known -> decide(appid, ids, known))
        .replaceWithVoid()
        // The timer retries after a second.
        .onFailure()
        .recoverWithNull();
  }

  /** Reads the changes to these secrets from Redis. */
  private Uni<Map<String, SecretChange>> known(String appid, List<String> ids) {
    var known = new HashMap<String, SecretChange>();
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(
            id ->
                changes
                    .find(appid, id)
                    .invoke(found -> found.ifPresent(change -> known.put(id, change))))
        .collect()
        .last()
        .replaceWith(known);
  }

  /** Stores the change to the current secret if no instance has stored it. */
  private Uni<?> storeChange(String appid, List<String> ids, Map<String, SecretChange> known) {
    var current = ids.get(0);
    var before = Optional.ofNullable(known.get(current));
    var isBack =
        !current.equals(decided.get(appid))
            && before.filter(change -> wasReplaced(change, known)).isPresent();
    if (ids.size() == 1 || (before.isPresent() && !isBack)) {
      return Uni.createFrom().voidItem();
    }
    var now = clock.instant();
    var change = new SecretChange(now, sealedUntil(ids, known, now));
    var stored =
        isBack ? changes.replace(appid, current, change) : changes.store(appid, current, change);
    return stored.invoke(found -> known.put(current, found));
  }

  /**
   * Returns whether another secret of the app came later, so that the current secret is configured
   * again.
   */
  private static boolean wasReplaced(SecretChange change, Map<String, SecretChange> known) {
    return known.values().stream().anyMatch(other -> other.learnt().isAfter(change.learnt()));
  }

  private Map<String, Instant> sealedUntil(
      List<String> ids, Map<String, SecretChange> known, Instant now) {
    var until = new HashMap<String, Instant>();
    known
        .values()
        .forEach(change -> change.sealedUntil().forEach((id, t) -> putLater(until, id, t)));
    putLater(until, sealing(ids, known, now), now.plus(delay));
    until.remove(ids.get(0));
    return until;
  }

  private void decide(String appid, List<String> ids, Map<String, SecretChange> known) {
    var now = clock.instant();
    known
        .values()
        .forEach(change -> change.sealedUntil().forEach((id, t) -> putLater(lastSealed, id, t)));
    var current = ids.get(0);
    Optional.ofNullable(known.get(current))
        .ifPresent(change -> ends.put(appid, change.learnt().plus(delay)));
    if (!decided.containsKey(appid)) {
      warnOfMissing(appid, ids, known, now);
    }
    var sealing = sealing(ids, known, now);
    if (!sealing.equals(seals.inUse(appid))) {
      seals.sealUnder(appid, sealing);
      if (sealing.equals(current)) {
        LOG.infof("The new secret of app %s seals from now on", appid);
      }
    }
    decided.put(appid, current);
  }

  /** Returns the newest secret that all instances know. */
  private String sealing(List<String> ids, Map<String, SecretChange> known, Instant now) {
    var oldest = ids.get(ids.size() - 1);
    return ids.stream()
        .filter(id -> isKnownToAll(id, id.equals(ids.get(0)), known, now))
        .findFirst()
        .orElse(oldest);
  }

  private boolean isKnownToAll(
      String id, boolean isCurrent, Map<String, SecretChange> known, Instant now) {
    var change = known.get(id);
    return change == null
        // Without a stored change, all instances know a previous secret, but not always the current
        // secret.
        ? !isCurrent || isSealing(id, known, now)
        : !now.isBefore(change.learnt().plus(delay)) || isSealing(id, known, now);
  }

  /** Returns whether instances that do not know a later secret still seal under this secret. */
  private static boolean isSealing(String id, Map<String, SecretChange> known, Instant now) {
    return known.values().stream()
        .map(change -> change.sealedUntil().get(id))
        .anyMatch(until -> until != null && until.isAfter(now));
  }

  /**
   * Warns if a secret that this instance does not have may have sealed sessions that are still
   * alive.
   */
  private void warnOfMissing(
      String appid, List<String> ids, Map<String, SecretChange> known, Instant now) {
    known.values().stream()
        .flatMap(change -> change.sealedUntil().entrySet().stream())
        .filter(secret -> !ids.contains(secret.getKey()))
        .map(Map.Entry::getValue)
        .max(Comparator.naturalOrder())
        .filter(until -> until.plus(lifetime).isAfter(now))
        .ifPresent(
            until ->
                LOG.warnf(
                    "A secret of app %s that sealed sessions until %s is not configured: users with"
                        + " such a session log in again, unless it is added to previous-secret",
                    appid, until));
  }

  private void forgetDropped(String appid) {
    var now = clock.instant();
    lastSealed.put(seals.inUse(appid), now);
    var dropped = seals.dropped(appid);
    for (var id : dropped) {
      if (!warned.getOrDefault(appid, List.of()).contains(id)) {
        LOG.warnf(
            "A secret of app %s is no longer configured. This instance opens with it until the"
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

  /** Returns the rest of the delay in seconds; zero if no delay runs. */
  private long left(String appid) {
    return seals.delayed().contains(appid)
        ? Math.max(
            0,
            Duration.between(clock.instant(), ends.getOrDefault(appid, Instant.EPOCH)).toSeconds())
        : 0;
  }

  private static void putLater(Map<String, Instant> times, String id, Instant time) {
    times.merge(id, time, (one, other) -> one.isAfter(other) ? one : other);
  }
}
