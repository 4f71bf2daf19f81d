package io.minilogin.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownSettingsTest {
  private static final List<ConfigClass> MAPPINGS =
      Stream.of(
              "app.WechatSettings",
              "session.SessionSettings",
              "login.LoginSettings",
              "opendata.OpenDataSettings",
              "clients.ClientSettings")
          .map(UnknownSettingsTest::mapping)
          .toList();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wechat.appid",
        "wechat.apps[0].previous-secret",
        "WECHAT_APPS_12__PREVIOUS_SECRET",
        "session.max-per-user",
        "login.replay-window",
        "OPEN_DATA_PHONE_NUMBER_MAX_AGE",
        "open-data.max-age",
        "clients[1].may",
        "clients[1].may[0]",
        "CLIENTS_1__APPS",
        "CLIENTS_1__APPS_2_",
        "WECHAT_SECRET_FILE",
        "CLIENTS_0__PREVIOUS_SECRET_FILE"
      })
  void settingOfAMappingIsKnown(String name) {
    assertThat(unknown(name)).isEmpty();
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
    assertThat(unknown("PATH", name, "wechat.appid")).containsExactly(name);
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
    assertThat(unknown(name)).isEmpty();
  }

  @Test
  void settingWithTwoSpellingsIsNamedOnce() {
    assertThat(unknown("wechat.secrte", "WECHAT_SECRTE")).containsExactly("WECHAT_SECRTE");
  }

  private static Collection<String> unknown(String... names) {
    return UnknownSettings.among(Stream.of(names), MAPPINGS);
  }

  private static ConfigClass mapping(String name) {
    try {
      return ConfigClass.configClass(Class.forName("io.minilogin." + name));
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
