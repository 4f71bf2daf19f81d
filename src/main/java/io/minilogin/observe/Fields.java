package io.minilogin.observe;

import io.minilogin.problem.ProblemType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jboss.logging.MDC;

/** The fields of a log line beside its message. They never contain a user's data. */
public final class Fields {
  private final Map<String, String> values = new LinkedHashMap<>();

  private Fields() {}

  public static Fields none() {
    return new Fields();
  }

  /** Returns the fields of a condition that fails requests with this problem. */
  public static Fields of(ProblemType problem) {
    return none().and("problem", problem.metricName());
  }

  public Fields and(String name, String value) {
    values.put(name, value);
    return this;
  }

  public Fields and(String name, Optional<String> value) {
    value.ifPresent(it -> values.put(name, it));
    return this;
  }

  public Fields and(String name, OptionalInt value) {
    value.ifPresent(it -> values.put(name, String.valueOf(it)));
    return this;
  }

  /** Writes the line with these fields. */
  public void with(Runnable line) {
    values.forEach(MDC::put);
    try {
      line.run();
    } finally {
      values.keySet().forEach(MDC::remove);
    }
  }

  /** Returns a text that distinguishes this kind of condition from others. */
  String kind() {
    return String.join(" ", values.values());
  }
}
