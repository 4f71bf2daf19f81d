package io.minilogin.wechat;

import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.wechat.WechatOutcome.Refused;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pauses requests for an app's access token for 30 s after WeChat refused such a request for a
 * reason that only an operator can fix. Without the pause, each call that needs a token would
 * request it from WeChat again. Each instance has its own pauses. A new app secret ends the pause.
 */
@Singleton
class TokenPause {
  private static final Duration LENGTH = Duration.ofSeconds(30);

  private record Pause(Secret secret, Instant end, Refused<IssuedAccessToken> refused) {}

  private final Clock clock;
  private final Map<String, Pause> byAppid = new ConcurrentHashMap<>();

  TokenPause(Clock clock) {
    this.clock = clock;
  }

  /** Returns WeChat's last reply while requests for the app's token are paused. */
  Optional<Refused<IssuedAccessToken>> refusal(WechatApp app) {
    return Optional.ofNullable(byAppid.get(app.appid()))
        .filter(pause -> pause.secret.equals(app.secret()))
        .filter(pause -> clock.instant().isBefore(pause.end))
        .map(Pause::refused);
  }

  /** Starts a pause if WeChat refused the request because the app is misconfigured. */
  void note(WechatApp app, WechatOutcome<IssuedAccessToken> outcome) {
    if (outcome instanceof Refused<IssuedAccessToken> refused
        && refused.refusal() == Refusal.APP_MISCONFIGURED) {
      byAppid.put(app.appid(), new Pause(app.secret(), clock.instant().plus(LENGTH), refused));
    }
  }
}
