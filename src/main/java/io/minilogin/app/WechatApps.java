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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The configured apps. They are read at the start. The secrets of apps may change later, but the
 * set of apps may not.
 */
@Startup
@Singleton
public class WechatApps implements Reloadable {
  private static final Logger LOG = Logger.getLogger(WechatApps.class);

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

  WechatApps(WechatSettings settings, SmallRyeConfig config) {
    byAppid = AppReader.read(settings, config);
    dropsSecrets(settings);
  }

  @Override
  public Runnable prepare(SmallRyeConfig config) {
    var settings = Setting.mapped(config, WechatSettings.class);
    var changed = AppReader.read(settings, config);
    var dropsSecrets = dropsSecrets(settings);
    Setting.require(
        changed.keySet().equals(byAppid.keySet()),
        "wechat.appid or wechat.apps[n].appid has changed: apps are added and removed only by a"
            + " restart");
    return () -> {
      changed.values().forEach(this::logNewSecret);
      var change = new Change(changed.values(), dropsSecrets);
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

  private static boolean dropsSecrets(WechatSettings settings) {
    return Setting.flag("wechat.drop-secrets", settings.dropSecrets());
  }
}
