package io.minilogin.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventLoopsTest {
  private static final String PROPERTY = "quarkus.vertx.event-loops-pool-size";

  @Test
  void thereIsOneForEachProcessor() {
    var config = new SmallRyeConfigBuilder().withSources(new EventLoops()).build();
    assertThat(config.getValue(PROPERTY, Integer.class))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void anOperatorMayWantAnotherNumber() {
    var environment = new PropertiesConfigSource(Map.of(PROPERTY, "7"), "environment", 300);
    var config = new SmallRyeConfigBuilder().withSources(new EventLoops(), environment).build();
    assertThat(config.getValue(PROPERTY, Integer.class)).isEqualTo(7);
  }
}
