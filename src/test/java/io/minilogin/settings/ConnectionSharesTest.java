package io.minilogin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.settings.ConnectionShares.Machine;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSharesTest {
  private static final long MEGABYTE = 1 << 20;
  private static final int LOOPS = 4;

  @Test
  void sharesAreMaximalWhenFilesArePlentiful() {
    assertThat(shares(1 << 20, Map.of())).isEqualTo(new ConnectionShares(16, 1024, 1365, 4096));
  }

  /** Connections to Redis count twice, because renewed certificates replace them. */
  @ParameterizedTest
  @CsvSource({
    "standalone, redis://a:1, 1",
    "replication, 'redis://a:1,redis://b:1', 2",
    "sentinel, 'redis://a:1,redis://b:1,redis://c:1', 4",
    "cluster, redis://a:1, 7",
    "CLUSTER, 'redis://a:1,redis://b:1,redis://c:1,redis://d:1,redis://e:1,redis://f:1,redis://g:1', 14",
  })
  void sumOfConnectionsStaysWithinTheFileLimit(String type, String hosts, int servers) {
    var settings = Map.of("quarkus.redis.client-type", type, "quarkus.redis.hosts", hosts);
    for (var files : new long[] {1024, 2000, 4096, 8192, 20_000, 1 << 20}) {
      var shares = shares(files, settings);
      var redis = 2L * LOOPS * servers * shares.redis();
      assertThat(512 + redis + shares.wechat() + shares.relay() + shares.clients())
          .as("%d files: %s", files, shares)
          .isLessThanOrEqualTo(files);
      assertThat(shares.clients()).as("%d files: %s", files, shares).isGreaterThan(100);
    }
  }

  @Test
  void valuesOfTheOperatorReduceTheShareOfClients() {
    var shares =
        shares(
            8192,
            Map.of(
                "quarkus.redis.max-pool-size", "100",
                "quarkus.rest-client.wechat.connection-pool-size", "3000",
                "quarkus.vertx.event-loops-pool-size", "8"));
    assertThat(shares)
        .isEqualTo(new ConnectionShares(100, 3000, 1365, 8192 - 512 - 1600 - 3000 - 1365));
  }

  @Test
  void shareOfClientsCanBeNegative() {
    assertThat(shares(100, Map.of()).clients()).isNegative();
  }

  @Test
  void heapLimitsTheClients() {
    var machine = new Machine(1 << 20, 30 * MEGABYTE, 30 * MEGABYTE, LOOPS);
    assertThat(ConnectionShares.of(machine, name -> null).clients()).isEqualTo(2048);
  }

  @Test
  void directMemoryLimitsCallsOfBackends() {
    var machine = new Machine(1 << 20, 256 * MEGABYTE, 48 * MEGABYTE, LOOPS);
    assertThat(ConnectionShares.of(machine, name -> null).relay()).isEqualTo(256);
  }

  @Test
  void nonNumericValuesAreLeftToQuarkus() {
    assertThat(shares(1 << 20, Map.of("quarkus.redis.max-pool-size", "many")).redis())
        .isEqualTo(16);
  }

  private static ConnectionShares shares(long files, Map<String, String> settings) {
    var machine = new Machine(files, 256 * MEGABYTE, 256 * MEGABYTE, LOOPS);
    return ConnectionShares.of(machine, settings::get);
  }
}
