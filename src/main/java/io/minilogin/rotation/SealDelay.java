package io.minilogin.rotation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.app.Setting;
import io.minilogin.seal.Seals;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Lets the new secret of an app seal once {@code wechat.seal-delay} has passed since the first
 * instance learnt of it. Until then, and in doubt, the previous one seals, which every instance
 * knows. All instances change over at about the same time, also those that were started in between.
 */
@Startup
@Singleton
class SealDelay {
  private static final Logger LOG = Logger.getLogger(SealDelay.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Seals seals;
  private final RedisSecretAges ages;
  private final Duration delay;
  private final MeterRegistry registry;
  private final Clock clock;

  /** When the secret of an app that is delayed was learnt of. */
  private final Map<String, Instant> learnt = new ConcurrentHashMap<>();

  SealDelay(
      Seals seals,
      RedisSecretAges ages,
      RotationSettings settings,
      MeterRegistry registry,
      Clock clock) {
    this.seals = seals;
    this.ages = ages;
    this.registry = registry;
    this.delay =
        Setting.between(
            "wechat.seal-delay", settings.sealDelay(), Duration.ZERO, Duration.ofDays(1));
    this.clock = clock;
  }

  void begin(@Observes StartupEvent started, Vertx vertx) {
    run();
    vertx.setPeriodic(LOOK.toMillis(), timer -> run());
  }

  private void run() {
    look().subscribe().with(done -> {});
  }

  /** Asks Redis only while a delay runs. */
  Uni<Void> look() {
    return Multi.createFrom()
        .iterable(seals.delayed())
        .onItem()
        .transformToUniAndConcatenate(this::look)
        .toUni();
  }

  private Uni<Void> look(String appid) {
    var secretId = seals.secretId(appid);
    var learnt =
        delay.isZero() ? Uni.createFrom().item(clock.instant()) : ages.learnt(appid, secretId);
    return learnt
        .invoke(when -> show(appid, when))
        .invoke(when -> decide(appid, secretId, when))
        .replaceWithVoid()
        // It is asked again soon.
        .onFailure()
        .recoverWithNull();
  }

  private void show(String appid, Instant when) {
    if (learnt.put(appid, when) == null) {
      Gauge.builder("mini_login.seal.delay.left.seconds", () -> left(appid))
          .tag("app", appid)
          .register(registry);
    }
  }

  /** Zero when none is under way. */
  private long left(String appid) {
    var end = learnt.getOrDefault(appid, Instant.EPOCH).plus(delay);
    return seals.delayed().contains(appid)
        ? Math.max(0, Duration.between(clock.instant(), end).toSeconds())
        : 0;
  }

  private void decide(String appid, String secretId, Instant learnt) {
    if (!clock.instant().isBefore(learnt.plus(delay))) {
      seals.sealUnderNewSecret(appid, secretId);
      LOG.infof("The new secret of app %s seals from now on", appid);
    }
  }
}
