package io.minilogin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WechatAppsTest {
  private static final String SHOP = "wx1111111111111111";
  private static final String GAME = "wx2222222222222222";

  // Accepted settings

  @Test
  void singleAppIsTheOnlyApp() {
    var apps = ConfiguredApps.one(SHOP, "s3cret-of-16-chars");
    assertThat(apps.only()).get().extracting(WechatApp::appid).isEqualTo(SHOP);
    assertThat(apps.find(SHOP)).isEqualTo(apps.only());
    assertThat(apps.find(GAME)).isEmpty();
  }

  @Test
  void severalAppsHaveNoOnlyApp() {
    var apps =
        ConfiguredApps.of(
            Map.of(
                "wechat.apps[0].appid",
                SHOP,
                "wechat.apps[0].secret",
                "s3cret-of-16-chars",
                "wechat.apps[1].appid",
                GAME,
                "wechat.apps[1].secret",
                "s4cret-of-16-chars"));
    assertThat(apps.all()).extracting(WechatApp::appid).containsExactly(SHOP, GAME);
    assertThat(apps.only()).isEmpty();
    assertThat(apps.find(GAME)).contains(ConfiguredApps.app(GAME, "s4cret-of-16-chars"));
  }

  @Test
  void singleAppAndListedAppsAreCombined() {
    var apps =
        ConfiguredApps.of(
            Map.of(
                "wechat.appid",
                SHOP,
                "wechat.secret",
                "s3cret-of-16-chars",
                "wechat.apps[0].appid",
                GAME,
                "wechat.apps[0].secret",
                "s4cret-of-16-chars"));
    assertThat(apps.all()).extracting(WechatApp::appid).containsExactly(SHOP, GAME);
  }

  @Test
  void singleListedAppIsTheOnlyApp() {
    var apps =
        ConfiguredApps.of(
            Map.of("wechat.apps[0].appid", SHOP, "wechat.apps[0].secret", "s3cret-of-16-chars"));
    assertThat(apps.only()).isPresent();
  }

  @Test
  void environmentConfiguresOneApp() {
    var apps =
        fromEnvironment(
            Map.of(
                "WECHAT_APPID", SHOP,
                "WECHAT_SECRET", "s3cret-of-16-chars",
                "WECHAT_PREVIOUS_SECRET", "0ld-of-16-charact"));
    assertThat(apps.only())
        .contains(ConfiguredApps.app(SHOP, "s3cret-of-16-chars", "0ld-of-16-charact"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first-of-16-chars, second-of-16-chars",
        "first-of-16-chars\nsecond-of-16-chars\n",
        " first-of-16-chars ,\r\n, second-of-16-chars,first-of-16-chars,s3cret-of-16-chars"
      })
  void previousSecretsAreSeparatedByCommasOrLines(String previous) {
    var app = ConfiguredApps.rotated(SHOP, previous, "s3cret-of-16-chars").only();
    assertThat(app)
        .get()
        .extracting(WechatApp::previousSecrets)
        .isEqualTo(List.of(secret("first-of-16-chars"), secret("second-of-16-chars")));
  }

  @Test
  void atMostFivePreviousSecretsAreAccepted() {
    var five =
        "1-of-16-characters,2-of-16-characters,3-of-16-characters,4-of-16-characters,"
            + "5-of-16-characters";
    assertThat(ConfiguredApps.rotated(SHOP, five, "s3cret-of-16-chars").all()).hasSize(1);
    assertThatThrownBy(
            () -> ConfiguredApps.rotated(SHOP, five + ",6-of-16-chars-xx", "s3cret-of-16-chars"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("wechat.previous-secret has more than 5 secrets");
    assertThatThrownBy(
            () -> ConfiguredApps.rotated(SHOP, "first-of-16-chars,short", "s3cret-of-16-chars"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("wechat.previous-secret has fewer than 16 characters");
  }

  @Test
  void environmentConfiguresSeveralApps() {
    var apps =
        fromEnvironment(
            Map.of(
                "WECHAT_APPS_0__APPID", SHOP,
                "WECHAT_APPS_0__SECRET", "s3cret-of-16-chars",
                "WECHAT_APPS_1__APPID", GAME,
                "WECHAT_APPS_1__SECRET", "s4cret-of-16-chars",
                "WECHAT_APPS_1__PREVIOUS_SECRET", "0ld-of-16-charact"));
    assertThat(apps.all())
        .containsExactly(
            ConfiguredApps.app(SHOP, "s3cret-of-16-chars"),
            ConfiguredApps.app(GAME, "s4cret-of-16-chars", "0ld-of-16-charact"));
  }

  @Test
  void trailingLineBreakOfASecretIsStripped() {
    var app =
        ConfiguredApps.of(
                Map.of(
                    "wechat.appid", SHOP + "\n",
                    "wechat.secret", "s3cret-of-16-chars\r\n",
                    "wechat.previous-secret", "0ld-of-16-charact\n"))
            .only();
    assertThat(app).contains(ConfiguredApps.app(SHOP, "s3cret-of-16-chars", "0ld-of-16-charact"));
  }

  @ParameterizedTest
  @ValueSource(strings = {" \n", "s3cret-of-16-chars", "s3cret-of-16-chars\n"})
  void blankOrCurrentSecretIsNotAPreviousSecret(String previous) {
    var app = ConfiguredApps.rotated(SHOP, previous, "s3cret-of-16-chars").only();
    assertThat(app).get().extracting(WechatApp::previousSecrets).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:8081", "https://api.weixin.qq.com"})
  void baseUrlMayBeHttpOrHttps(String url) {
    assertThat(configured("wechat.base-url", url).all()).hasSize(1);
  }

  // Changes while the service runs

  @Test
  void newSecretTakesEffectWhenTheChangeIsApplied() {
    var apps = ConfiguredApps.one(SHOP, "s3cret-of-16-chars");
    var told = new ArrayList<WechatApp>();
    apps.onChange(change -> told.addAll(change.apps()));
    var changed = apps.prepare(config(rotated()));
    assertThat(apps.only())
        .get()
        .extracting(WechatApp::secret)
        .isEqualTo(secret("s3cret-of-16-chars"));
    assertThat(told).isEmpty();

    changed.run();
    assertThat(apps.only())
        .contains(ConfiguredApps.app(SHOP, "s4cret-of-16-chars", "s3cret-of-16-chars"));
    assertThat(told).containsExactly(apps.only().orElseThrow());
  }

  @Test
  void unusableChangeIsRejected() {
    var apps = ConfiguredApps.one(SHOP, "s3cret-of-16-chars");
    assertThatThrownBy(() -> apps.prepare(config(Map.of("wechat.appid", SHOP))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("wechat.secret is missing");
    assertThatThrownBy(
            () ->
                apps.prepare(
                    config(Map.of("wechat.appid", GAME, "wechat.secret", "s3cret-of-16-chars"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("only by a restart");
  }

  @Test
  void newPaymentKeyTakesEffectWhenTheChangeIsApplied() {
    var apps = ConfiguredApps.one(SHOP, "s3cret-of-16-chars");
    var changed =
        new HashMap<>(Map.of("wechat.appid", SHOP, "wechat.secret", "s3cret-of-16-chars"));
    changed.put("wechat.payment-key", "12345");
    apps.prepare(config(changed)).run();
    assertThat(apps.only())
        .get()
        .extracting(app -> app.paymentKeys().live())
        .isEqualTo(Optional.of(secret("12345")));
  }

  @Test
  void paymentKeysMayBeShort() {
    assertThat(app(Map.of("wechat.payment-key", "12345\n")).paymentKeys())
        .isEqualTo(new PaymentKeys(Optional.of(secret("12345")), Optional.empty()));
    assertThat(app(Map.of("wechat.payment-sandbox-key", "12345")).paymentKeys())
        .isEqualTo(new PaymentKeys(Optional.empty(), Optional.of(secret("12345"))));
    assertThat(app(Map.of("wechat.payment-key", " ")).paymentKeys()).isEqualTo(PaymentKeys.NONE);
  }

  @Test
  void pushKeysAreTheCurrentAndThePreviousKeys() {
    var current = "0".repeat(43);
    var previous = "1".repeat(43);
    assertThat(
            app(Map.of(
                    "wechat.push-token",
                    "AAAAA",
                    "wechat.previous-push-token",
                    "BBBBB",
                    "wechat.push-aes-key",
                    current,
                    "wechat.previous-push-aes-key",
                    previous))
                .push())
        .contains(
            new PushKeys(
                List.of(secret("AAAAA"), secret("BBBBB")),
                List.of(secret(current), secret(previous))));
    assertThat(app(Map.of("wechat.push-token", "AAAAA")).push())
        .contains(new PushKeys(List.of(secret("AAAAA")), List.of()));
    assertThat(ConfiguredApps.app(SHOP, "s3cret-of-16-chars").push()).isEmpty();
  }

  private static Map<String, String> rotated() {
    return Map.of(
        "wechat.appid", SHOP,
        "wechat.secret", "s4cret-of-16-chars",
        "wechat.previous-secret", "s3cret-of-16-chars");
  }

  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .build();
  }

  private static Secret secret(String text) {
    return new Secret(text);
  }

  // Rejected settings: each message names the property, and no message contains a value

  @Test
  void missingAppIsRejected() {
    assertThatThrownBy(() -> ConfiguredApps.of(Map.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("wechat.appid")
        .hasMessageContaining("wechat.secret")
        .hasMessageContaining("wechat.apps[0]");
  }

  @Test
  void appWithoutASecretIsRejected() {
    assertRefused("wechat.secret", Map.of("wechat.appid", "s3cret-appid"));
    assertRefused("wechat.secret", Map.of("wechat.appid", "s3cret-appid", "wechat.secret", " \n"));
  }

  @Test
  void secretWithoutAnAppIsRejected() {
    assertRefused("wechat.appid", Map.of("wechat.secret", "s3cret-of-16-chars"));
    assertRefused(
        "wechat.appid", Map.of("wechat.secret", "s3cret-of-16-chars", "wechat.appid", " "));
  }

  @Test
  void previousSecretWithoutACurrentSecretIsRejected() {
    assertRefused("wechat.secret", Map.of("wechat.previous-secret", "s3cret-of-16-chars"));
  }

  @Test
  void incompleteListedAppIsNamedByItsIndex() {
    assertRefused(
        "wechat.apps[1].secret",
        Map.of(
            "wechat.apps[0].appid", "s3cret-appid",
            "wechat.apps[0].secret", "s3cret-of-16-chars",
            "wechat.apps[1].appid", "s3cret-appid-2"));
    assertRefused(
        "wechat.apps[10].secret",
        Map.of(
            "wechat.apps[9].appid", "s3cret-appid",
            "wechat.apps[9].secret", "s3cret-of-16-chars",
            "wechat.apps[10].appid", "s3cret-appid-2"));
    assertRefused(
        "wechat.apps[0].appid",
        Map.of(
            "wechat.appid", "s3cret-appid",
            "wechat.secret", "s3cret-of-16-chars",
            "wechat.apps[0].secret", "s3cret-of-16-chars"));
  }

  @Test
  void incompletePushKeysAreRejected() {
    var key = "s3cret" + "0".repeat(37);
    assertPushRefused("wechat.push-token is", Map.of("wechat.push-aes-key", key));
    assertPushRefused("wechat.push-token is", Map.of("wechat.previous-push-token", "s3cret"));
    assertPushRefused(
        "wechat.push-aes-key is",
        Map.of("wechat.push-token", "s3cret", "wechat.previous-push-aes-key", key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", "s3cret000000000000000000000000000000000000="})
  void pushAesKeyOfAnotherFormIsRejected(String key) {
    assertPushRefused(
        "wechat.push-aes-key or previous-push-aes-key",
        Map.of("wechat.push-token", "s3cret", "wechat.push-aes-key", key));
  }

  @Test
  void duplicateAppIsRejected() {
    assertRefused(
        "wechat.apps[0].appid",
        Map.of(
            "wechat.appid", "s3cret-appid",
            "wechat.secret", "s3cret-of-16-chars",
            "wechat.apps[0].appid", "s3cret-appid\n",
            "wechat.apps[0].secret", "s3cret-of-16-chars-2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://s3cret_host:9990", "https://a:b@_s3cret/x"})
  void baseUrlWithAnUnderscoreInItsHostIsRejectedForThatReason(String url) {
    assertThatThrownBy(() -> configured("wechat.base-url", url))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("wechat.base-url has a host name with an underscore")
        .hasMessageNotContaining("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cret",
        "ftp://s3cret",
        "//s3cret",
        "http:s3cret",
        "https://",
        "https://s3cret host",
        "https://s3cret:port",
        "https://s3cret:99999",
        "https://s3cret:0",
        "https://s3cret/x?y=z",
        "https://s3cret?",
        "https://s3cret/#x",
        "/s3cret"
      })
  void invalidBaseUrlIsRejected(String url) {
    assertThatThrownBy(() -> configured("wechat.base-url", url))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("wechat.base-url ")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret appid", "s3cret:", "s3cret/", "s3cret\u00fc", "s3cret\u5c0f"})
  void invalidAppidIsRejected(String appid) {
    assertRefused("wechat.appid", Map.of("wechat.appid", appid, "wechat.secret", "x".repeat(32)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tru", "1", "yes", "no"})
  void valueOtherThanTrueOrFalseIsRejected(String value) {
    var apps = ConfiguredApps.one(SHOP, "x".repeat(32));
    var properties = configuredWith(Map.of("wechat.drop-secrets", value));

    assertThatThrownBy(() -> ConfiguredApps.of(properties))
        .hasMessage("wechat.drop-secrets must be true or false");
    assertThatThrownBy(() -> apps.prepare(config(properties)))
        .hasMessage("wechat.drop-secrets must be true or false");
  }

  @Test
  void shortSecretIsRejected() {
    var app = Map.of("wechat.appid", SHOP, "wechat.secret", "s3cret-of-15-ch");
    assertRefused("wechat.secret", app);
    assertRefused(
        "wechat.previous-secret",
        Map.of(
            "wechat.appid",
            SHOP,
            "wechat.secret",
            "x".repeat(32),
            "wechat.previous-secret",
            "s3cret-of-15-ch"));
  }

  private static void assertRefused(String property, Map<String, String> properties) {
    assertThatThrownBy(() -> ConfiguredApps.of(properties))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(property + " ")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  private static void assertPushRefused(String message, Map<String, String> push) {
    assertRefused(message, configuredWith(push));
  }

  private static WechatApp app(Map<String, String> settings) {
    return ConfiguredApps.of(configuredWith(settings)).only().orElseThrow();
  }

  private static Map<String, String> configuredWith(Map<String, String> settings) {
    var all = new HashMap<>(settings);
    all.put("wechat.appid", SHOP);
    all.put("wechat.secret", "x".repeat(32));
    return all;
  }

  private static WechatApps configured(String property, String value) {
    return ConfiguredApps.of(
        Map.of("wechat.appid", SHOP, "wechat.secret", "x".repeat(16), property, value));
  }

  private static WechatApps fromEnvironment(Map<String, String> environment) {
    return ConfiguredApps.of(new EnvConfigSource(environment, 300));
  }
}
