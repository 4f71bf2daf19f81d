package io.minilogin.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineDefaultsTest {
  private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
  private static final String CONNECTIONS = "quarkus.http.limits.max-connections";

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 4", "5, 4", "64, 4"})
  void thereIsAnEventLoopForEachProcessorUpToFour(int processors, int eventLoops) {
    assertThat(MachineDefaults.eventLoops(processors)).isEqualTo(eventLoops);
  }

  @Test
  void theEventLoopsFollowThisMachine() {
    var processors = Runtime.getRuntime().availableProcessors();
    assertThat(config().getValue(EVENT_LOOPS, Integer.class))
        .isEqualTo(MachineDefaults.eventLoops(processors));
  }

  @Test
  void thereAreNoMoreConnectionsThanFilesMayBeOpened() {
    assertThat(config().getValue(CONNECTIONS, Integer.class)).isBetween(1, 4096);
    assertThat(config().getValue(CONNECTIONS, Long.class))
        .isLessThanOrEqualTo(MachineDefaults.possibleConnections());
  }

  @ParameterizedTest
  @CsvSource({"20000, 256, 17476", "4096, 256, 3584", "1048576, 30, 2048", "100, 256, 1"})
  void filesAndHeapLimitThem(long files, long megabytes, long connections) {
    assertThat(MachineDefaults.possibleConnections(files, megabytes << 20)).isEqualTo(connections);
  }

  @ParameterizedTest
  @ValueSource(strings = {EVENT_LOOPS, CONNECTIONS})
  void anOperatorMayWantAnotherNumber(String property) {
    var environment = new PropertiesConfigSource(Map.of(property, "7"), "environment", 300);
    assertThat(config(environment).getValue(property, Integer.class)).isEqualTo(7);
  }

  @Test
  void theDirectMemoryOfAnExecutableIsWhatItIsBuiltWith() {
    assertThat(Path.of("src/main/resources/application.properties"))
        .content()
        .contains("-R:MaxDirectMemorySize=" + MachineDefaults.NATIVE_DIRECT_MEMORY + ",");
    assertThat(MachineDefaults.directMemory()).isPositive();
  }

  private static SmallRyeConfig config(ConfigSource... others) {
    return new SmallRyeConfigBuilder()
        .withSources(new MachineDefaults())
        .withSources(others)
        .build();
  }
}
