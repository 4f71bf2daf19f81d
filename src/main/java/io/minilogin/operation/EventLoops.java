package io.minilogin.operation;

import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * As many event loops as there are processors, unless an operator sets another number. Quarkus'
 * default is twice as many; they would take turns on the processors and hand work to each other,
 * which costs a third of the throughput.
 */
public final class EventLoops implements ConfigSource {
  private static final String PROPERTY = "quarkus.vertx.event-loops-pool-size";

  /** Below that of application.properties, so that any other source prevails. */
  private static final int ORDINAL = 200;

  @Override
  public Set<String> getPropertyNames() {
    return Set.of(PROPERTY);
  }

  @Override
  public String getValue(String property) {
    return PROPERTY.equals(property)
        ? String.valueOf(Runtime.getRuntime().availableProcessors())
        : null;
  }

  @Override
  public String getName() {
    return "event loops";
  }

  @Override
  public int getOrdinal() {
    return ORDINAL;
  }
}
