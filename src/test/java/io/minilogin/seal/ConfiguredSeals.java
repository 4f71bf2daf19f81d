package io.minilogin.seal;

import io.minilogin.app.WechatApps;

/** Seals for tests of other packages. */
public final class ConfiguredSeals {
  private ConfiguredSeals() {}

  public static Seals of(WechatApps apps) {
    return new Seals(apps);
  }
}
