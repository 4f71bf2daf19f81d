package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.App;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** The mini programs that WeChat knows, and their secrets. */
final class SimulatedApps {
  private final List<App> apps;
  private final Map<String, String> secrets = new ConcurrentHashMap<>();

  SimulatedApps(List<App> apps) {
    this.apps = apps;
    apps.forEach(app -> secrets.put(app.appid(), app.secret()));
  }

  /** Returns the default appid; empty if there is no app. */
  String first() {
    return apps.isEmpty() ? "" : apps.get(0).appid();
  }

  boolean knows(String appid) {
    return secrets.containsKey(appid);
  }

  /** Returns the keys of a known app. */
  AppKeys keys(String appid) {
    return apps.stream().filter(app -> app.appid().equals(appid)).findFirst().orElseThrow().keys();
  }

  void resetSecret(String appid, String secret) {
    secrets.put(appid, secret);
  }

  /** Returns the current secret of a known app. */
  String secret(String appid) {
    return Objects.requireNonNull(secrets.get(appid));
  }

  boolean isSecret(String appid, String secret) {
    return secret.equals(secrets.get(appid));
  }
}
