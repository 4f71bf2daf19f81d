package io.minilogin.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.redis.client.RedisOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisSettingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://localhost",
        "redis://localhost:6379",
        "redis://localhost:6379/2",
        "redis://user:secret@redis.example.com:6379/",
        "rediss://[::1]:6380?client=mini-login",
        "unix:///run/redis.sock"
      })
  void anAddressIsTaken(String address) {
    assertThatCode(() -> customize(address)).doesNotThrowAnyException();
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
  void whatIsNoneIsRefusedAndNotRepeated(String address) {
    assertThatThrownBy(() -> customize(address))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("quarkus.redis.hosts ")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  private static void customize(String address) {
    new RedisSettings().customize("<default>", new RedisOptions().setConnectionString(address));
  }
}
