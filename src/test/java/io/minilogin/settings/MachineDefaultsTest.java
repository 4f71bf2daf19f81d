package io.minilogin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineDefaultsTest {
  private static final String EVENT_LOOPS = "quarkus.vertx.event-loops-pool-size";
  private static final String CONNECTIONS = "quarkus.http.limits.max-connections";

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 4", "5, 4", "64, 4"})
  void eachProcessorHasAnEventLoopUpToFour(int processors, int eventLoops) {
    assertThat(MachineDefaults.eventLoops(processors)).isEqualTo(eventLoops);
  }

  @Test
  void numberOfEventLoopsDependsOnTheMachine() {
    var processors = Runtime.getRuntime().availableProcessors();
    assertThat(config().getValue(EVENT_LOOPS, Integer.class))
        .isEqualTo(MachineDefaults.eventLoops(processors));
  }

  @ParameterizedTest
  @ValueSource(strings = {EVENT_LOOPS, CONNECTIONS})
  void operatorCanOverrideADefault(String property) {
    var environment = new PropertiesConfigSource(Map.of(property, "7"), "environment", 300);
    assertThat(config(environment).getValue(property, Integer.class)).isEqualTo(7);
  }

  @Test
  void directMemoryOfAnExecutableIsSetAtItsBuild() {
    assertThat(Path.of("src/main/resources/application.properties"))
        .content()
        .contains("-R:MaxDirectMemorySize=" + MachineDefaults.NATIVE_DIRECT_MEMORY + ",");
    assertThat(MachineDefaults.directMemory()).isPositive();
  }

  @Test
  void valuesRecordedAtBuildTimeAreIgnored() {
    var recorded =
        new PropertiesConfigSource(
            Map.of("quarkus.redis.max-pool-size", String.valueOf(Integer.MAX_VALUE / 64)),
            "recorded",
            Integer.MIN_VALUE + 100);
    assertThat(config(recorded).getValue(CONNECTIONS, Integer.class)).isGreaterThan(1);
    assertThat(config(recorded).getValue("quarkus.redis.max-pool-size", Integer.class))
        .isBetween(1, 16);
  }

  @Test
  void filesReduceTheConnectionsOfClients(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("quarkus.redis.max-pool-size"), String.valueOf(Integer.MAX_VALUE / 64));
    // The ordinal of the source of files
    Files.writeString(folder.resolve("config_ordinal"), "260");
    var location =
        new PropertiesConfigSource(
            Map.of("smallrye.config.source.file.locations", folder.toString()), "environment", 300);
    var config =
        new SmallRyeConfigBuilder()
            .withSources(new MachineDefaults(), new SettingFiles())
            .withSources(location)
            .build();
    assertThat(config.getValue(CONNECTIONS, Integer.class)).isEqualTo(1);
  }

  @Test
  void operatorsValuesReduceTheConnectionsOfClients() {
    var settings =
        new PropertiesConfigSource(
            Map.of("quarkus.redis.max-pool-size", String.valueOf(Integer.MAX_VALUE / 64)),
            "environment",
            300);
    assertThat(config(settings).getValue(CONNECTIONS, Integer.class)).isEqualTo(1);
    assertThat(MachineDefaults.possibleConnections(config(settings))).isZero();
  }

  private static SmallRyeConfig config(ConfigSource... others) {
    return new SmallRyeConfigBuilder()
        .withSources(new MachineDefaults())
        .withSources(others)
        .build();
  }
}
