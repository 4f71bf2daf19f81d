package io.minilogin.check;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts checks by outcome: {@code success} or the problem's name. Counters are looked up once,
 * because that takes longer than to count.
 */
@Singleton
class VerifyMetrics {
  private final MeterRegistry registry;
  private final Counter accepted;
  private final Map<ProblemType, Counter> refused = new ConcurrentHashMap<>();

  VerifyMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.accepted = counter("success");
  }

  void accepted() {
    accepted.increment();
  }

  void refused(ProblemType type) {
    refused.computeIfAbsent(type, unknown -> counter(type.text())).increment();
  }

  private Counter counter(String outcome) {
    return registry.counter("mini_login.checks", "outcome", outcome);
  }
}
