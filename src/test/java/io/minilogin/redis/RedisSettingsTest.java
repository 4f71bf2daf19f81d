package io.minilogin.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisReplicas;
import io.vertx.redis.client.RedisRole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {
  @Nested
  class Addresses {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "redis://localhost",
          "redis://localhost:6379",
          "redis://localhost:6379/2",
          "redis://user:secret@redis.example.com:6379/",
          "redis://a_user:a_secret@redis.example.com",
          "rediss://[::1]:6380?client=mini-login",
          "unix:///run/redis.sock"
        })
    void validAddressIsAccepted(String address) {
      assertThatCode(() -> customize(options(address))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "s3cret",
          "s3cret:6379",
          "http://s3cret",
          "redis:s3cret",
          "redis://s3cret:99999",
          "redis://s3cret/database",
          "redis:///s3cret"
        })
    void invalidAddressIsRejectedAndNotRepeated(String address) {
      refused("quarkus.redis.hosts ", options(address));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "redis://s3cret_host:6379",
          "rediss://user:a_b@s3cret_host",
          "redis://_s3cret/1"
        })
    void hostWithAnUnderscoreIsRejectedForThatReason(String address) {
      refused("quarkus.redis.hosts has a host name with an underscore", options(address));
    }

    @Test
    void mixOfTlsAndPlaintextAddressesIsRejected() {
      refused(
          "quarkus.redis.hosts ",
          options("rediss://s3cret:6379").addConnectionString("redis://other:6379"));
    }

    @Test
    void tlsSettingForPlaintextAddressesIsRejected() {
      var options = options("redis://s3cret:6379");
      options.getNetClientOptions().setSsl(true);
      refused("quarkus.redis.tls.enabled ", options);
    }

    @ParameterizedTest
    @CsvSource({"/1, false", "/0, true", "/, true", "'', true"})
    void clusterAcceptsOnlyDatabaseZero(String database, boolean isTaken) {
      var options = options("redis://s3cret:6379" + database).setType(RedisClientType.CLUSTER);
      if (isTaken) {
        customize(options);
      } else {
        refused("quarkus.redis.hosts ", options);
      }
    }
  }

  @Nested
  class ReadsFromReplicas {
    @ParameterizedTest
    @ValueSource(strings = {"ALWAYS", "SHARE"})
    void readingFromReplicasIsRejected(RedisReplicas replicas) {
      refused("quarkus.redis.replicas ", options("redis://s3cret").setUseReplicas(replicas));
    }

    @ParameterizedTest
    @ValueSource(strings = {"REPLICA", "SENTINEL"})
    void otherRolesAreRejected(RedisRole role) {
      refused("quarkus.redis.role ", options("redis://s3cret").setRole(role));
    }
  }

  private static void refused(String beginning, RedisOptions options) {
    assertThatThrownBy(() -> customize(options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(beginning)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  private static RedisOptions options(String address) {
    return new RedisOptions()
        .setEndpoints(new ArrayList<>(List.of(address)))
        .setNetClientOptions(new NetClientOptions());
  }

  private static void customize(RedisOptions options) {
    new RedisSettings().customize("<default>", options);
  }
}
