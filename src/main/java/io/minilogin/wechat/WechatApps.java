package io.minilogin.wechat;

import io.minilogin.operation.RequiredSetting;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The configured apps. Is created at the start and refuses it, with the name of the property at
 * fault, when the configuration is incomplete or contradictory.
 */
@Startup
@Singleton
public class WechatApps {
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

  private void add(
      String prefix,
      Optional<String> appid,
      Optional<String> secret,
      Optional<String> previousSecret) {
    var current = RequiredSetting.of(prefix + "secret", secret);
    var app =
        new WechatApp(
            RequiredSetting.of(prefix + "appid", appid),
            new Secret(current),
            previousSecret
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.equals(current))
                .map(Secret::new));
    if (byAppid.putIfAbsent(app.appid(), app) != null) {
      throw new ConfigurationException(prefix + "appid names an app that is configured twice");
    }
  }

  private static void requireHttpUrl(String baseUrl) {
    try {
      var uri = URI.create(baseUrl);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Its message would quote the value: the line below says enough.
    }
    throw new ConfigurationException("wechat.base-url must be an http or https URL");
  }
}
