package io.minilogin.login;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Chooses the app of a login: the app that the body names, else the app in the Referer that
 * WeChat's client sets, else the only configured app. A wrong choice does no harm: WeChat exchanges
 * a code only for the right appid.
 */
@Singleton
class AppChoice {
  private static final Pattern REFERER =
      Pattern.compile("https://servicewechat\\.com/([A-Za-z0-9_-]{1,64})/.*");

  private final WechatApps apps;
  private final UnknownApps unknown;

  AppChoice(WechatApps apps, UnknownApps unknown) {
    this.apps = apps;
    this.unknown = unknown;
  }

  WechatApp choose(Optional<String> appid, Optional<String> referer) {
    return appid
        .or(() -> referer.flatMap(AppChoice::appidIn))
        .map(named -> apps.find(named).orElseThrow(() -> refusal(unknown.named(named))))
        .or(apps::only)
        .orElseThrow(() -> refusal(unknown.missing("Several apps are configured: name one.")));
  }

  private static Optional<String> appidIn(String referer) {
    var matcher = REFERER.matcher(referer);
    return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static ProblemException refusal(Problem problem) {
    return new ProblemException(problem);
  }
}
