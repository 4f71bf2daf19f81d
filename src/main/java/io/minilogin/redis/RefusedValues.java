package io.minilogin.redis;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.observe.Fields;
import io.minilogin.observe.Incidents;
import io.minilogin.seal.Purpose;
import io.minilogin.seal.Seals;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;

/**
 * Reports values in Redis that cannot be unsealed. The service treats them as missing, but they
 * show that something else writes to Redis or that a secret is missing here.
 */
@Startup
@Singleton
class RefusedValues {
  private final MeterRegistry registry;
  private final Incidents incidents;

  RefusedValues(Seals seals, MeterRegistry registry, Incidents incidents) {
    this.registry = registry;
    this.incidents = incidents;
    seals.onRefused(this::tell);
  }

  private void tell(Purpose purpose) {
    // Stand-in tokens come from callers, not from Redis.
    if (purpose != Purpose.STAND_IN_TOKEN) {
      registry.counter("mini_login.values.refused", "purpose", purpose.label()).increment();
      incidents.tell(
          "A value in Redis cannot be unsealed: another program writes to Redis, or the secret that"
              + " sealed it is not configured here",
          Fields.none().and("purpose", purpose.label()));
    }
  }
}
