package io.minilogin.app;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The configured apps. Is created at the start and refuses it, with the name of the property at
 * fault, when the configuration is incomplete or contradictory.
 */
@Startup
@Singleton
public class WechatApps {
  private static final Logger LOG = Logger.getLogger(WechatApps.class);

  /** Real ones are wx and 16 hexadecimal digits. */
  private static final Pattern APPID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private static final Pattern USUAL_SECRET = Pattern.compile("[0-9a-fA-F]{32}");
  private static final int LARGEST_PORT = 65535;

  private final Map<String, WechatApp> byAppid = new LinkedHashMap<>();

  WechatApps(WechatSettings settings) {
    if (settings.appid().isPresent()
        || settings.secret().isPresent()
        || settings.previousSecret().isPresent()) {
      add("wechat.", settings.appid(), settings.secret(), settings.previousSecret());
    }
    for (int i = 0; i < settings.apps().size(); i++) {
      var app = settings.apps().get(i);
      add("wechat.apps[%d].".formatted(i), app.appid(), app.secret(), app.previousSecret());
    }
    if (byAppid.isEmpty()) {
      throw new ConfigurationException(
          "wechat.appid and wechat.secret (or wechat.apps[0].appid and .secret) are missing");
    }
    requireHttpUrl(settings.baseUrl());
  }

  /** All apps, in the order of the configuration; never empty. */
  public Collection<WechatApp> all() {
    return byAppid.values();
  }

  public Optional<WechatApp> find(String appid) {
    return Optional.ofNullable(byAppid.get(appid));
  }

  /** The one app, when only one is configured. */
  public Optional<WechatApp> only() {
    return byAppid.size() == 1 ? Optional.of(byAppid.values().iterator().next()) : Optional.empty();
  }

  /** After everything that could refuse the start. WeChat may come to give other secrets. */
  void warn(@Observes @Priority(Integer.MAX_VALUE) StartupEvent started) {
    byAppid.values().stream()
        .filter(app -> !USUAL_SECRET.matcher(app.secret().reveal()).matches())
        .forEach(
            app ->
                LOG.warnf(
                    "The secret of app %s is not what WeChat gives: 32 hexadecimal digits",
                    app.appid()));
  }

  private void add(
      String prefix,
      Optional<String> appid,
      Optional<String> secret,
      Optional<String> previousSecret) {
    var current = Setting.secret(prefix + "secret", secret);
    var app =
        new WechatApp(
            Setting.of(prefix + "appid", appid),
            new Secret(current),
            Setting.optionalSecret(prefix + "previous-secret", previousSecret)
                .filter(text -> !text.equals(current))
                .map(Secret::new));
    if (!APPID.matcher(app.appid()).matches()) {
      throw new ConfigurationException(prefix + "appid has characters that no appid has");
    }
    if (byAppid.putIfAbsent(app.appid(), app) != null) {
      throw new ConfigurationException(prefix + "appid names an app that is configured twice");
    }
  }

  private static void requireHttpUrl(String baseUrl) {
    try {
      var uri = URI.create(baseUrl);
      var isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= LARGEST_PORT) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Its message would quote the value: the line below says enough.
    }
    throw new ConfigurationException("wechat.base-url must be an http or https URL");
  }
}
