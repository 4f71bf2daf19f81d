package io.minilogin.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures the time of each request, {@code mini_login_requests_seconds{operation,outcome}}, from
 * its head to the end of its response.
 */
@Singleton
public class Requests {
  /** The operation of an unknown path or method. */
  public static final String UNKNOWN = "unknown";

  /** The operation of input that cannot be served as a request and so has no duration. */
  public static final String MALFORMED = "malformed";

  private final MeterRegistry registry;
  private final Map<String, Operation> operations = new ConcurrentHashMap<>();

  Requests(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Returns the operation of this name. Names must have low cardinality. */
  public Operation operation(String name) {
    return operations.computeIfAbsent(name, Operation::new);
  }

  /** An operation of the service. */
  public final class Operation {
    private final String name;

    /** Cached, because looking up a timer takes longer than using it. */
    private final Map<String, Timer> byOutcome = new ConcurrentHashMap<>();

    private Operation(String name) {
      this.name = name;
    }

    /**
     * Records a request that ends now.
     *
     * @param began when the request began, by {@link System#nanoTime()}
     */
    public void ended(String outcome, long began) {
      byOutcome
          .computeIfAbsent(outcome, this::timer)
          .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
    }

    /** Records a request that failed before its time could be measured. */
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
