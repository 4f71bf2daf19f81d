package io.minilogin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownSettingsTest {
  private static final String PACKAGE = "io.minilogin.";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.WechatSettings",
        "rotation.RotationSettings",
        "relay.ApiSettings",
        "wechat.WechatCallSettings",
        "session.SessionSettings",
        "clients.ClientSettings"
      })
  void everySettingIsKnown(String settings) throws ClassNotFoundException {
    var type = ConfigClass.configClass(Class.forName(PACKAGE + settings));
    var properties = ConfigMappings.getProperties(type).keySet();
    assertThat(properties).isNotEmpty();
    assertThat(UnknownSettings.among(properties.stream().map(p -> p.replace("*", "0")).toList()))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"login.replay-window", "open-data.max-age", "open-data.phone-number-max-age"})
  void settingWithoutAMappingIsKnown(String name) {
    assertThat(UnknownSettings.among(List.of(name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WECHAT_SECRTE",
        "wechat.secrte",
        "wechat.apps[0].secrte",
        "WECHAT_APPS_0_SECRET",
        "session.lifetme",
        "SESSION_IDLETIMEOUT",
        "login.window",
        "OPEN_DATA_AGE",
        "clients[0].name",
        "quarkus.rest-client.wechat.trust-store",
        "QUARKUS_REST_CLIENT_VERIFY_HOST"
      })
  void misspelledSettingIsNamed(String name) {
    assertThat(UnknownSettings.among(List.of("PATH", name, "wechat.appid"))).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOGIN_SERVICE_HOST",
        "LOGIN_SERVICE_PORT",
        "LOGIN_SERVICE_PORT_HTTP",
        "WECHAT_PORT",
        "CLIENTS_PORT_8080_TCP",
        "CLIENTS_PORT_8080_TCP_ADDR",
        "SESSION_MANAGER",
        "LOGINX",
        "quarkus.http.port",
        "QUARKUS_REDIS_HOSTS",
        "quarkus.rest-client.wechat.tls-configuration-name"
      })
  void settingsOfOthersAreIgnored(String name) {
    assertThat(UnknownSettings.among(List.of(name))).isEmpty();
  }
}
