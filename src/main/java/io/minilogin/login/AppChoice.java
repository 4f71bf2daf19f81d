package io.minilogin.login;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which app a login belongs to: the one the body names, else the one in the Referer that WeChat's
 * client sets, else the only one configured. A wrong choice does no harm: WeChat gives a code away
 * for the right appid only.
 */
@Singleton
class AppChoice {
  private static final Pattern REFERER =
      Pattern.compile("https://servicewechat\\.com/([A-Za-z0-9_-]{1,64})/.*");

  private final WechatApps apps;

  AppChoice(WechatApps apps) {
    this.apps = apps;
  }

  WechatApp choose(Optional<String> appid, Optional<String> referer) {
    var named = appid.or(() -> referer.flatMap(AppChoice::appidIn));
    if (named.isPresent()) {
      return apps.find(named.get()).orElseThrow(() -> unknown("This appid is not configured."));
    }
    return apps.only().orElseThrow(() -> unknown("Several apps are configured: name one."));
  }

  private static Optional<String> appidIn(String referer) {
    var matcher = REFERER.matcher(referer);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static ProblemException unknown(String detail) {
    return new ProblemException(Problem.of(ProblemType.UNKNOWN_APP, detail));
  }
}
