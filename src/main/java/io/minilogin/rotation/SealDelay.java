package io.minilogin.rotation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.seal.Seals;
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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Seals under the secret that {@link SecretHistory} decides on: the newest secret that every
 * instance knows. Every instance is assumed to know a secret when {@code wechat.seal-delay} has
 * passed since the first instance learned of it, by the times in Redis. So all instances switch to
 * the new secret at about the same time, including instances that start in between. An instance is
 * not ready before it has read these times.
 */
@Startup
@Readiness
@Singleton
class SealDelay implements AsyncHealthCheck {
  private static final Logger LOG = Logger.getLogger(SealDelay.class);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final WechatApps apps;
  private final Seals seals;
  private final RedisSecretChanges changes;
  private final DroppedSecrets dropped;
  private final Duration delay;
  private final Clock clock;
  private final Vertx vertx;

  /** The history of each app's secrets at the latest decision. */
  private final Map<String, SecretHistory> decided = new ConcurrentHashMap<>();

  private long timer = -1;

  SealDelay(
      WechatApps apps,
      Seals seals,
      RedisSecretChanges changes,
      DroppedSecrets dropped,
      RotationSettings settings,
      Clock clock,
      Vertx vertx) {
    this.apps = apps;
    this.seals = seals;
    this.changes = changes;
    this.dropped = dropped;
    this.delay =
        Setting.between(
            "wechat.seal-delay", settings.sealDelay(), Duration.ZERO, Duration.ofDays(1));
    this.clock = clock;
    this.vertx = vertx;
  }

  void begin(@Observes StartupEvent started, MeterRegistry registry) {
    apps.all().forEach(app -> showGauges(app.appid(), registry));
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

  private void showGauges(String appid, MeterRegistry registry) {
    Gauge.builder("mini_login.seal.delay.left.seconds", () -> secondsLeft(appid))
        .tag("app", appid)
        .register(registry);
    dropped.showGauge(appid, registry);
  }

  private long secondsLeft(String appid) {
    return seals.delayed().contains(appid) && decided.containsKey(appid)
        ? decided.get(appid).secondsLeft(clock.instant())
        : 0;
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
    appids.forEach(dropped::forget);
    return Multi.createFrom()
        .iterable(appids)
        .filter(
            appid ->
                seals.delayed().contains(appid) || !isDecided(appid, seals.secretIds(appid).get(0)))
        .onItem()
        .transformToUniAndConcatenate(this::look)
        .toUni();
  }

  private boolean isDecided(String appid, String current) {
    return decided.containsKey(appid) && decided.get(appid).current().equals(current);
  }

  private Uni<Void> look(String appid) {
    return history(appid)
        .flatMap(history -> storeChange(appid, history))
        .invoke(history -> decide(appid, history))
        .replaceWithVoid()
        // The timer retries after a second.
        .onFailure()
        .recoverWithNull();
  }

  /** Reads the changes between the app's secrets from Redis. */
  private Uni<SecretHistory> history(String appid) {
    var ids = seals.secretIds(appid);
    var found = new HashMap<String, SecretChange>();
    return Multi.createFrom()
        .iterable(ids)
        .onItem()
        .transformToUniAndConcatenate(
            id ->
                changes.find(appid, id).invoke(change -> change.ifPresent(it -> found.put(id, it))))
        .collect()
        .last()
        .map(last -> new SecretHistory(ids, found, delay));
  }

  /** Stores the change to the current secret if no instance has stored it. */
  private Uni<SecretHistory> storeChange(String appid, SecretHistory history) {
    var current = history.current();
    var isBack = history.isCurrentBack() && !isDecided(appid, current);
    if (history.ids().size() == 1 || (history.currentChange().isPresent() && !isBack)) {
      return Uni.createFrom().item(history);
    }
    var change = history.newChange(clock.instant());
    var stored =
        isBack ? changes.replace(appid, current, change) : changes.store(appid, current, change);
    return stored.map(history::with);
  }

  private void decide(String appid, SecretHistory history) {
    dropped.record(history);
    if (!decided.containsKey(appid)) {
      dropped.warnOfMissing(appid, history);
    }
    var sealing = history.sealing(clock.instant());
    if (!sealing.equals(seals.inUse(appid))) {
      seals.sealUnder(appid, sealing);
      if (sealing.equals(history.current())) {
        LOG.infof("The new secret of app %s seals from now on", appid);
      }
    }
    decided.put(appid, history);
  }
}
