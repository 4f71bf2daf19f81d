package io.minilogin.app;

import io.minilogin.settings.Setting;
import io.smallrye.config.SmallRyeConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Creates the apps from their settings. Throws a {@code ConfigurationException} with the name of
 * the faulty property for an incomplete or contradictory configuration.
 */
final class AppReader {
  /** Real appids are wx and 16 hexadecimal digits. */
  private static final Pattern APPID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Pattern PUSH_AES_KEY = Pattern.compile("[A-Za-z0-9]{43}");

  private AppReader() {}

  /** Returns the apps by their appids, in the order of the configuration. */
  static Map<String, WechatApp> read(WechatSettings settings, SmallRyeConfig config) {
    var apps = new LinkedHashMap<String, WechatApp>();
    if (!isBlank(settings)) {
      add(apps, "wechat.", settings);
    }
    var names = Setting.elements(config, "wechat.apps");
    for (int i = 0; i < names.size(); i++) {
      add(apps, names.get(i) + ".", settings.apps().get(i));
    }
    Setting.require(
        !apps.isEmpty(),
        "wechat.appid and wechat.secret (or wechat.apps[0].appid and .secret) are missing");
    var base = Setting.httpUrl("wechat.base-url", settings.baseUrl());
    Setting.require(
        base.getRawQuery() == null && base.getRawFragment() == null,
        "wechat.base-url must be a URL without query and fragment");
    return apps;
  }

  /** Whether no setting of an app is present. */
  private static boolean isBlank(AppSettings app) {
    return Stream.of(
            app.appid(),
            app.secret(),
            app.previousSecret(),
            app.paymentKey(),
            app.paymentSandboxKey(),
            app.pushToken(),
            app.pushAesKey(),
            app.previousPushToken(),
            app.previousPushAesKey())
        .allMatch(Optional::isEmpty);
  }

  private static void add(Map<String, WechatApp> apps, String prefix, AppSettings settings) {
    var current = Setting.secret(prefix + "secret", settings.secret());
    var app =
        new WechatApp(
            Setting.of(prefix + "appid", settings.appid()),
            new Secret(current),
            Setting.secrets(
                    prefix + "previous-secret",
                    settings.previousSecret(),
                    WechatApp.MOST_PREVIOUS_SECRETS)
                .stream()
                .filter(text -> !text.equals(current))
                .map(Secret::new)
                .toList(),
            new PaymentKeys(key(settings.paymentKey()), key(settings.paymentSandboxKey())),
            push(prefix, settings));
    Setting.require(APPID.matcher(app.appid()).matches(), prefix + "appid has invalid characters");
    Setting.require(
        apps.putIfAbsent(app.appid(), app) == null,
        prefix + "appid names an app that is configured twice");
  }

  private static Optional<PushKeys> push(String prefix, AppSettings settings) {
    var tokens = keys(settings.pushToken(), settings.previousPushToken());
    var aesKeys = keys(settings.pushAesKey(), settings.previousPushAesKey());
    Setting.require(
        key(settings.pushToken()).isPresent() || (tokens.isEmpty() && aesKeys.isEmpty()),
        prefix + "push-token is missing");
    Setting.require(
        key(settings.pushAesKey()).isPresent() || aesKeys.isEmpty(),
        prefix + "push-aes-key is missing");
    Setting.require(
        aesKeys.stream().allMatch(key -> PUSH_AES_KEY.matcher(key.reveal()).matches()),
        prefix
            + "push-aes-key or previous-push-aes-key is not an EncodingAESKey: 43 letters and"
            + " digits");
    return tokens.isEmpty() ? Optional.empty() : Optional.of(new PushKeys(tokens, aesKeys));
  }

  private static List<Secret> keys(Optional<String> current, Optional<String> previous) {
    return Stream.of(current, previous).flatMap(text -> key(text).stream()).distinct().toList();
  }

  private static Optional<Secret> key(Optional<String> text) {
    return Setting.stripped(text).map(Secret::new);
  }
}
