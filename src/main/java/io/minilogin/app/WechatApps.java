package io.minilogin.app;

import io.minilogin.settings.Reloadable;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The configured apps. They are read at the start; an incomplete or contradictory configuration
 * prevents the start with the name of the faulty property. The secrets of apps may change later,
 * but the set of apps may not.
 */
@Startup
@Singleton
public class WechatApps implements Reloadable {
  private static final Logger LOG = Logger.getLogger(WechatApps.class);

  /** Real appids are wx and 16 hexadecimal digits. */
  private static final Pattern APPID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Pattern PUSH_AES_KEY = Pattern.compile("[A-Za-z0-9]{43}");

  private static final Pattern USUAL_SECRET = Pattern.compile("[0-9a-fA-F]{32}");

  /**
   * A changed configuration.
   *
   * @param apps all apps with their secrets
   * @param dropsSecrets whether secrets that are no longer configured must open nothing from now on
   */
  public record Change(Collection<WechatApp> apps, boolean dropsSecrets) {}

  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private volatile Map<String, WechatApp> byAppid;

  WechatApps(WechatSettings settings) {
    byAppid = read(settings);
  }

  @Override
  public Runnable prepare(SmallRyeConfig config) {
    var settings = Setting.mapped(config, WechatSettings.class);
    var changed = read(settings);
    Setting.require(
        changed.keySet().equals(byAppid.keySet()),
        "wechat.appid or wechat.apps[n].appid has changed: apps are added and removed only by a"
            + " restart");
    return () -> {
      changed.values().forEach(this::logNewSecret);
      var change = new Change(changed.values(), settings.dropSecrets());
      listeners.forEach(listener -> listener.accept(change));
      byAppid = changed;
    };
  }

  /**
   * Registers a listener for new secrets, which is called just before the secrets become visible.
   */
  public void onChange(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /** Returns all apps in the order of the configuration; never empty. */
  public Collection<WechatApp> all() {
    return byAppid.values();
  }

  public Optional<WechatApp> find(String appid) {
    return Optional.ofNullable(byAppid.get(appid));
  }

  /** Returns the app if exactly one is configured. */
  public Optional<WechatApp> only() {
    var apps = byAppid.values();
    return apps.size() == 1 ? Optional.of(apps.iterator().next()) : Optional.empty();
  }

  /**
   * Warns of unusual secrets, after all checks that could refuse the start. It does not refuse them
   * because WeChat may change the format of its secrets.
   */
  void warn(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started) {
    byAppid.values().stream()
        .filter(app -> !USUAL_SECRET.matcher(app.secret().reveal()).matches())
        .forEach(
            app ->
                LOG.warnf(
                    "The secret of app %s is not in WeChat's format: 32 hexadecimal digits",
                    app.appid()));
  }

  private void logNewSecret(WechatApp changed) {
    find(changed.appid())
        .filter(before -> !before.secret().equals(changed.secret()))
        .ifPresent(before -> LOG.infof("App %s has a new secret", changed.appid()));
  }

  private static Map<String, WechatApp> read(WechatSettings settings) {
    var apps = new LinkedHashMap<String, WechatApp>();
    if (!isBlank(settings)) {
      add(apps, "wechat.", settings);
    }
    for (int i = 0; i < settings.apps().size(); i++) {
      add(apps, "wechat.apps[%d].".formatted(i), settings.apps().get(i));
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
