package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.App;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The mini programs that WeChat knows, and their secrets. */
final class SimulatedApps {
  private final Map<String, String> secrets;

  SimulatedApps(List<App> apps) {
    secrets = apps.stream().collect(Collectors.toMap(App::appid, App::secret));
  }

  boolean knows(String appid) {
    return secrets.containsKey(appid);
  }

  boolean isSecret(String appid, String secret) {
    return secret.equals(secrets.get(appid));
  }
}
