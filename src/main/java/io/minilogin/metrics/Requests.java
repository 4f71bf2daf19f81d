package io.minilogin.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The time of each request, {@code mini_login_requests_seconds{operation,outcome}}: from its head
 * to the end of its answer.
 */
@Singleton
public class Requests {
  /** A path or method that there is none of. */
  public static final String UNKNOWN = "unknown";

  /** What is no request that could be served, and so has no time either. */
  public static final String MALFORMED = "malformed";

  private final MeterRegistry registry;
  private final Map<String, Operation> operations = new ConcurrentHashMap<>();

  Requests(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The operation of this name, of which there must be few. */
  public Operation operation(String name) {
    return operations.computeIfAbsent(name, Operation::new);
  }

  /** One of those that requests ask for. */
  public final class Operation {
    private final String name;

    /** To look a timer up takes longer than to use it. */
    private final Map<String, Timer> byOutcome = new ConcurrentHashMap<>();

    private Operation(String name) {
      this.name = name;
    }

    /**
     * Notes a request that has ended now.
     *
     * @param began by {@link System#nanoTime()}
     */
    public void ended(String outcome, long began) {
      byOutcome
          .computeIfAbsent(outcome, this::timer)
          .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }

    /** Notes what failed before its time could be measured. */
    public void failed(String outcome) {
      byOutcome.computeIfAbsent(outcome, this::timer).record(Duration.ZERO);
    }

    private Timer timer(String outcome) {
      return Outcomes.latency("mini_login.requests")
          .tags("operation", name, Outcomes.OUTCOME, outcome)
          .register(registry);
    }
  }
}
