package io.minilogin.seal;

import io.minilogin.app.WechatApps;

/** Creates seals for tests of other packages. */
public final class ConfiguredSeals {
  private ConfiguredSeals() {}

  public static Seals of(WechatApps apps) {
    return new Seals(apps);
  }

  /** Creates seals as they are after the seal delay. */
  public static Seals afterTheDelay(WechatApps apps) {
    var seals = new Seals(apps);
    seals.delayed().forEach(appid -> seals.sealUnder(appid, seals.secretIds(appid).get(0)));
    return seals;
  }
}
