package io.minilogin.accesstoken;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** Gauges for each app's access token, as this instance last read or stored it. */
@Singleton
class AccessTokenGauges {
  private final MeterRegistry registry;
  private final Clock clock;
  private final Map<String, AccessToken> lastSeen = new ConcurrentHashMap<>();

  AccessTokenGauges(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  void seen(String appid, AccessToken token) {
    if (lastSeen.put(appid, token) == null) {
      gauge(
          "mini_login.access.token.left.seconds",
          appid,
          it -> Duration.between(clock.instant(), it.expiresAt()).toSeconds());
      gauge(
          "mini_login.access.token.forced.refreshes.left",
          appid,
          it -> it.forced().left(clock.instant()));
    }
  }

  private void gauge(String name, String appid, ToDoubleFunction<AccessToken> value) {
    Gauge.builder(name, () -> value.applyAsDouble(lastSeen.get(appid)))
        .tag("app", appid)
        .register(registry);
  }
}
